/**
 * What is left to do until all sockets that have something in this turn of the event loop are read. Done in one go, what
 * they ask shares one look whether another process has changed the database, which costs as much as ten answers.
 */
export class Turn {
  #work: (() => void)[] = [];

  /** Has work done when all that has arrived is read, in the order of these calls. It must not throw. */
  join(work: () => void): void {
    if (this.#work.push(work) === 1) setImmediate(this.#run);
  }

  readonly #run = (): void => {
    const all = this.#work;
    this.#work = [];
    for (const work of all) work();
  };
}
