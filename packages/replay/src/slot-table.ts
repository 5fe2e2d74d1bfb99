/** What is known by slots or other numbers counted from 0: an array that grows as they come. */
export class SlotTable<T> {
  readonly #rows: (T | undefined)[];

  /** @param size of what is there from the start, all `undefined` */
  constructor(size = 0) {
    this.#rows = new Array(size).fill(undefined);
  }

  get(slot: number): T | undefined {
    return this.#rows[slot];
  }

  set(slot: number, value: T): void {
    // One by one: an array with a gap far behind its end would be kept as a dictionary.
    while (this.#rows.length <= slot) this.#rows.push(undefined);
    this.#rows[slot] = value;
  }

  delete(slot: number): void {
    if (slot < this.#rows.length) this.#rows[slot] = undefined;
  }

  copy(): SlotTable<T> {
    const copy = new SlotTable<T>();
    for (const row of this.#rows) copy.#rows.push(row);
    return copy;
  }

  /** Slots that have something, in order. */
  *keys(): Generator<number> {
    for (const [slot, value] of this.#rows.entries()) if (value !== undefined) yield slot;
  }
}
