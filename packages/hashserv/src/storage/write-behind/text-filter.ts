import { createHashKey, TextHash } from "./text-hash.ts";

const FIRST_SLOTS = 1_024;

/**
 * Says of a text that it was never added, or that it may have been: wrongly so once in four thousand million times. Takes
 * 12 to 24 bytes for each text. Seeded against hash flooding: clients choose the texts.
 */
export class TextFilter {
  /** Two words for each text, in the place that the first one says, or the next that is free; both 0 in a free one. */
  #slots = new Uint32Array(2 * FIRST_SLOTS);
  #count = 0;
  readonly #hash: TextHash;

  constructor(key = createHashKey()) {
    this.#hash = new TextHash(key);
  }

  /** Texts that were added. */
  get size(): number {
    return this.#count;
  }

  add(text: string): void {
    this.#hash.read(text);
    if (this.#isThere()) return;
    if (this.#count * 3 >= this.#slots.length) this.#grow();
    this.#put(this.#hash.first, this.#hash.second);
    this.#count++;
  }

  mayHave(text: string): boolean {
    this.#hash.read(text);
    return this.#isThere();
  }

  #isThere(): boolean {
    const slots = this.#slots;
    const last = slots.length - 1;
    const { first, second } = this.#hash;
    for (let at = this.#placeOf(first); ; at = (at + 2) & last) {
      if (slots[at] === 0 && slots[at + 1] === 0) return false;
      if (slots[at] === first && slots[at + 1] === second) return true;
    }
  }

  #put(first: number, second: number): void {
    const slots = this.#slots;
    const last = slots.length - 1;
    let at = this.#placeOf(first);
    while (slots[at] !== 0 || slots[at + 1] !== 0) at = (at + 2) & last;
    slots[at] = first;
    slots[at + 1] = second;
  }

  /** The number of slots is a power of two. */
  #placeOf(first: number): number {
    return (first << 1) & (this.#slots.length - 1);
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const [first, second] = [old[at] as number, old[at + 1] as number];
      if (first !== 0 || second !== 0) this.#put(first, second);
    }
  }
}
