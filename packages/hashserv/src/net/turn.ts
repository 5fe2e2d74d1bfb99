/** Milliseconds of work before the sockets are looked at again. */
const TURN_MS = 8;
/** Times that sockets are looked at again, as long as more comes, before work goes on that was left over. */
const MOST_LOOKS = 128;
/** Bytes of a request or two. */
const LITTLE = 1 << 10;

/** A piece of work; it must not throw. @returns false when it is not through, and what is left of it will be done by others */
export type Work = () => boolean;

interface Arrival {
  readonly work: Work;
  readonly size: () => number;
}

const bySize = (a: Arrival, b: Arrival) => a.size() - b.size();

/**
 * What is left to do until all sockets that have something in this turn of the event loop are read. Done in one go, what
 * they ask shares one look whether another process has changed the database, which costs as much as ten answers. Where
 * one socket alone had something the last time, there is most likely nothing to share: what comes first is done at once.
 * Who has more to do than others should wait for leaves the rest over: that has its turn behind all that has arrived.
 *
 * A turn of the event loop takes one new connection, however many wait. Where work is left over they would wait for a piece of
 * it each; so it waits until nothing new comes. Who asks for least is answered first, also when the time is over before that is
 * through, as when garbage is collected or another program runs just then: behind all others it would wait for a piece of each.
 */
export class Turn {
  #work: Arrival[] = [];
  /** How many pieces of work came in this turn. */
  #count = 0;
  /** Whether one came alone in the turn before. */
  #alone = false;
  #leftOver: Work[] = [];
  #scheduled = false;
  /** Something came since the sockets were last looked at. */
  #arrived = false;
  /** How often the sockets were looked at since there was work. */
  #looks = 0;

  /** Tells that a connection has come. */
  arrived(): void {
    this.#arrived = true;
  }

  /**
   * Has work done at once, or when all that has arrived is read: what is least first, and else in the order of these calls.
   *
   * @param size tells how much is asked, in bytes
   */
  join(work: Work, size = () => 0): void {
    this.#arrived = true;
    const first = this.#count++ === 0;
    if (first && this.#alone) work();
    else this.#work.push({ work, size });
    this.#schedule();
  }

  /**
   * Has work done behind all that has arrived, in the order of these calls: in this turn, if there is time, or a later one. What asks
   * for little is done as if it had just arrived.
   *
   * @param size as `join` has it
   */
  leaveOver(work: Work, size = () => Number.POSITIVE_INFINITY): void {
    if (size() <= LITTLE) this.#work.push({ work, size });
    else this.#leftOver.push(work);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#run);
  }

  readonly #run = (): void => {
    this.#scheduled = false;
    if (this.#leftOver.length > 0 && this.#looksAgain()) this.#schedule();
    else this.#workUntil(performance.now() + TURN_MS);
  };

  #workUntil(end: number): void {
    const [all, left] = [this.#work, this.#leftOver];
    const alone = this.#count === 1 && left.length === 0;
    [this.#work, this.#count, this.#alone] = [[], 0, false];
    if (left.length > 0) this.#leftOver = [];
    if (all.length > 1) all.sort(bySize);
    let at = 0;
    while (at < all.length) {
      all[at++]?.work();
      if (at < all.length && performance.now() >= end) break;
    }
    this.#alone = alone;
    if (at < all.length || left.length > 0) this.#goOn([...all.slice(at).map(({ work }) => work), ...left], end);
  }

  /** Whether more may come than what has. */
  #looksAgain(): boolean {
    const again = this.#arrived && this.#looks < MOST_LOOKS;
    this.#arrived = false;
    this.#looks = again ? this.#looks + 1 : 0;
    return again;
  }

  /** One piece at least. What is not through at once is not followed by another: nobody knows how long it will take. */
  #goOn(left: Work[], end: number): void {
    let at = 0;
    while (at < left.length && left[at++]?.() && performance.now() < end);
    if (at === left.length) return;
    this.#leftOver = [...left.slice(at), ...this.#leftOver];
    this.#schedule();
  }
}
