/**
 * What is left to do until all sockets that have something in this turn of the event loop are read. Done in one go, what
 * they ask shares one look whether another process has changed the database, which costs as much as ten answers. Where
 * one socket alone had something the last time, there is most likely nothing to share: what comes first is done at once.
 */
export class Turn {
  #work: (() => void)[] = [];
  /** How many pieces of work came in this turn. */
  #count = 0;
  /** Whether one came alone in the turn before. */
  #alone = false;

  /** Has work done at once, or when all that has arrived is read, in the order of these calls. It must not throw. */
  join(work: () => void): void {
    const first = this.#count++ === 0;
    if (first && this.#alone) work();
    else this.#work.push(work);
    if (first) setImmediate(this.#run);
  }

  readonly #run = (): void => {
    const all = this.#work;
    const alone = this.#count === 1;
    [this.#work, this.#count, this.#alone] = [[], 0, false];
    for (const work of all) work();
    this.#alone = alone;
  };
}
