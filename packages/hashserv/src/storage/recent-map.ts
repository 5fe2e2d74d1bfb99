import { TwoKeyMap } from "./two-key-map.ts";

/** A map under two texts that never grows beyond a number of entries: when it is full it begins anew. */
export class RecentMap<T> {
  readonly #most: number;
  #entries = new TwoKeyMap<T>();
  #size = 0;

  /** @param most entries it ever holds */
  constructor(most: number) {
    this.#most = most;
  }

  get(first: string, second: string): T | undefined {
    return this.#entries.get(first, second);
  }

  /** Adds an entry, unless its key has other than Latin letters. */
  set(first: string, second: string, value: T): void {
    const [one, two] = [copy(first), copy(second)];
    if (one !== first || two !== second) return;
    if (this.#size >= this.#most) this.clear();
    this.#entries.set(one, two, value);
    this.#size++;
  }

  clear(): void {
    if (this.#size === 0) return;
    this.#entries = new TwoKeyMap();
    this.#size = 0;
  }
}

/** A text that was cut out of a longer one keeps all of that in memory; its copy does not. */
function copy(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
