/** Somebody for whose client something is held in memory. */
export interface Holder {
  /** Lets go of all of it, at once. */
  giveUp(): void;
}

/**
 * What a server holds in memory for all its clients: answers that they do not take, requests that wait, messages that are
 * not complete. When it is too much, those give up first who have held theirs for longest without giving any back.
 */
export class Budget {
  readonly #most: number;
  /** Bytes of each, in the order in which they began to hold, or gave something back. */
  readonly #holders = new Map<Holder, number>();
  #held = 0;

  /** @param most bytes */
  constructor(most: number) {
    this.#most = most;
  }

  /** Bytes held in all. */
  get held(): number {
    return this.#held;
  }

  /** Says how many bytes somebody holds now. */
  hold(holder: Holder, bytes: number): void {
    const before = this.#holders.get(holder) ?? 0;
    if (bytes === before) return;
    if (bytes < before) this.#holders.delete(holder);
    if (bytes > 0) this.#holders.set(holder, bytes);
    this.#held += bytes - before;
    while (this.#held > this.#most) this.#takeFromOldest();
  }

  #takeFromOldest(): void {
    const [[oldest, bytes] = []] = this.#holders;
    if (oldest === undefined || bytes === undefined) return;
    this.#holders.delete(oldest);
    this.#held -= bytes;
    oldest.giveUp();
  }
}
