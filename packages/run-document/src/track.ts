import { applyChanges } from "./changes.ts";

/** Lists that are stored as changes from one to the next, read in any order: from time to time a whole list is kept. */
export class Track {
  readonly #size: number;
  readonly #changes: readonly string[];
  readonly #kept = new Map<number, Int32Array>();
  readonly #onWrong: (at: number) => Error;
  #at = -1;
  #list: Int32Array;

  /**
   * @param size of each list
   * @param changes from nothing to the first list, and on from each to the next
   * @param onWrong makes the error for changes that are not right
   */
  constructor(size: number, changes: readonly string[], onWrong: (at: number) => Error) {
    this.#size = size;
    this.#changes = changes;
    this.#onWrong = onWrong;
    this.#list = new Int32Array(size);
  }

  /** The list at a place; it is not to be written to, and is another one as soon as another place is asked for. */
  at(place: number): Int32Array {
    if (place < this.#at) this.#goBack(place);
    while (this.#at < place) {
      this.#at++;
      if (!applyChanges(this.#list, this.#changes[this.#at] ?? "")) throw this.#onWrong(this.#at);
      if (this.#at % KEPT_EACH === 0 && !this.#kept.has(this.#at)) this.#kept.set(this.#at, this.#list.slice());
    }
    return this.#list;
  }

  #goBack(place: number): void {
    const from = place - (place % KEPT_EACH);
    const kept = this.#kept.get(from);
    this.#list = kept?.slice() ?? new Int32Array(this.#size);
    this.#at = kept === undefined ? -1 : from;
  }
}

/** With few kept, going back is slow; with many, a long history takes much memory. */
const KEPT_EACH = 32;

/** One name for all builds of a policy and a builder, which make a track. */
export function nameOfTrack({
  policy,
  builder = "",
}: {
  readonly policy: string;
  readonly builder?: string | undefined;
}): string {
  return JSON.stringify([policy, builder]);
}
