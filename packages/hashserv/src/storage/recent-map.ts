import { TwoKeyMap } from "./two-key-map.ts";

/** A map under two texts that forgets what was not asked for lately: once full, it keeps the latest half at least. */
export class RecentMap<T> {
  readonly #half: number;
  #young = new TwoKeyMap<T>();
  #youngSize = 0;
  #old = new TwoKeyMap<T>();

  /** @param most entries it ever holds */
  constructor(most: number) {
    this.#half = Math.ceil(most / 2);
  }

  get(first: string, second: string): T | undefined {
    const value = this.#young.get(first, second);
    if (value !== undefined) return value;
    const known = this.#old.get(first, second);
    if (known !== undefined) this.set(first, second, known);
    return known;
  }

  set(first: string, second: string, value: T): void {
    if (this.#youngSize >= this.#half) {
      this.#old = this.#young;
      this.#young = new TwoKeyMap();
      this.#youngSize = 0;
    }
    this.#young.set(copy(first), copy(second), value);
    this.#youngSize++;
  }

  clear(): void {
    this.#old = new TwoKeyMap();
    if (this.#youngSize === 0) return;
    this.#young = new TwoKeyMap();
    this.#youngSize = 0;
  }
}

/** A text that was cut out of a longer one keeps all of that in memory; its copy does not. */
function copy(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
