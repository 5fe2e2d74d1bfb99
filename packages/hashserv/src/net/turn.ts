/** Milliseconds of work before the sockets are looked at again. */
const TURN_MS = 8;

/** A piece of work; it must not throw. @returns false when it is not through, and what is left of it will be done by others */
export type Work = () => boolean;

/**
 * What is left to do until all sockets that have something in this turn of the event loop are read. Done in one go, what
 * they ask shares one look whether another process has changed the database, which costs as much as ten answers. Where
 * one socket alone had something the last time, there is most likely nothing to share: what comes first is done at once.
 * Who has more to do than others should wait for leaves the rest over: that has its turn behind all that has arrived.
 */
export class Turn {
  #work: Work[] = [];
  /** How many pieces of work came in this turn. */
  #count = 0;
  /** Whether one came alone in the turn before. */
  #alone = false;
  #leftOver: Work[] = [];
  #scheduled = false;

  /** Has work done at once, or when all that has arrived is read, in the order of these calls. */
  join(work: Work): void {
    const first = this.#count++ === 0;
    if (first && this.#alone) work();
    else this.#work.push(work);
    this.#schedule();
  }

  /** Has work done behind all that has arrived, in the order of these calls: in this turn, if there is time, or a later one. */
  leaveOver(work: Work): void {
    this.#leftOver.push(work);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#run);
  }

  readonly #run = (): void => {
    const [all, left] = [this.#work, this.#leftOver];
    const alone = this.#count === 1 && left.length === 0;
    [this.#work, this.#count, this.#alone, this.#leftOver, this.#scheduled] = [[], 0, false, [], false];
    const end = performance.now() + TURN_MS;
    let at = 0;
    while (at < all.length) {
      all[at++]?.();
      if (performance.now() >= end) break;
    }
    this.#alone = alone;
    this.#goOn([...all.slice(at), ...left], end);
  };

  /** One piece at least. What is not through at once is not followed by another: nobody knows how long it will take. */
  #goOn(left: Work[], end: number): void {
    let at = 0;
    while (at < left.length && left[at++]?.() && performance.now() < end);
    if (at === left.length) return;
    this.#leftOver = [...left.slice(at), ...this.#leftOver];
    this.#schedule();
  }
}
