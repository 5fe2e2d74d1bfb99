/**
 * A set of the integers below a limit that finds its next member in a handful of steps, however sparse it is: a bit per
 * integer, and above it, level by level, a bit per word that is not empty.
 */
export class IndexSet {
  readonly #levels: readonly Uint32Array[];
  #size = 0;

  /** @param limit one more than the largest integer it can hold */
  constructor(limit: number) {
    const levels: Uint32Array[] = [];
    let words = limit;
    do {
      words = Math.max(1, (words + 31) >>> 5);
      levels.push(new Uint32Array(words));
    } while (words > 1);
    this.#levels = levels;
  }

  get size(): number {
    return this.#size;
  }

  has(index: number): boolean {
    return (((this.#levels[0] as Uint32Array)[index >>> 5] as number) & (1 << (index & 31))) !== 0;
  }

  add(index: number): void {
    if (this.has(index)) return;
    this.#size += 1;
    let at = index;
    for (const level of this.#levels) {
      const word = at >>> 5;
      const before = level[word] as number;
      level[word] = before | (1 << (at & 31));
      if (before !== 0) return;
      at = word;
    }
  }

  delete(index: number): void {
    if (!this.has(index)) return;
    this.#size -= 1;
    let at = index;
    for (const level of this.#levels) {
      const word = at >>> 5;
      const after = (level[word] as number) & ~(1 << (at & 31));
      level[word] = after;
      if (after !== 0) return;
      at = word;
    }
  }

  /** All members, ascending. */
  list(): number[] {
    const members: number[] = [];
    for (let index = this.next(0); index >= 0; index = this.next(index + 1)) members.push(index);
    return members;
  }

  /** The smallest member not below `from`; -1 if there is none. */
  next(from: number): number {
    let at = from;
    for (let depth = 0; depth < this.#levels.length; depth++) {
      const level = this.#levels[depth] as Uint32Array;
      const word = at >>> 5;
      if (word >= level.length) return -1;
      const bits = (level[word] as number) & (-1 << (at & 31));
      if (bits !== 0) return this.#descend(depth, (word << 5) + lowestBit(bits));
      at = word + 1;
    }
    return -1;
  }

  #descend(depth: number, index: number): number {
    let at = index;
    for (let d = depth - 1; d >= 0; d--) at = (at << 5) + lowestBit((this.#levels[d] as Uint32Array)[at] as number);
    return at;
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
