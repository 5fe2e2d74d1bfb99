/** A binary heap of positions, the least first. */
export class Heap {
  readonly #items: number[] = [];
  readonly #compare: (a: number, b: number) => number;

  constructor(compare: (a: number, b: number) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: number): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#compare(item, items[parent] as number) >= 0) break;
      items[at] = items[parent] as number;
      at = parent;
    }
    items[at] = item;
  }

  /** Asked only while there is one. */
  pop(): number {
    const items = this.#items;
    const least = items[0] as number;
    const item = items.pop() as number;
    if (items.length === 0) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#compare(items[child + 1] as number, items[child] as number) < 0) child += 1;
      if (this.#compare(items[child] as number, item) >= 0) break;
      items[at] = items[child] as number;
      at = child;
    }
    items[at] = item;
    return least;
  }
}
