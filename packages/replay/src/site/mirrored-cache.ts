import { type ContentFormat, ObjectCache, type ObjectSource } from "../run/object-cache.ts";
import type { ObjectNumbers } from "../run/object-numbers.ts";

/** A cache as a builder with mirrors sees it: what it has not is looked for in these, and what is restored from one is put into it, as a build fetches into SSTATE_DIR. */
export class MirroredCache<C> extends ObjectCache<C> {
  readonly #own: ObjectCache<C>;
  readonly #mirrors: readonly ObjectSource<C>[];

  constructor(
    numbers: ObjectNumbers,
    format: ContentFormat<C>,
    own: ObjectCache<C>,
    mirrors: readonly ObjectSource<C>[],
  ) {
    super(numbers, format, own);
    this.#own = own;
    this.#mirrors = mirrors;
  }

  override get(number: number): C | undefined {
    return this.#own.get(number) ?? this.#find(number);
  }

  override use(number: number): C | undefined {
    const own = this.#own.use(number);
    if (own !== undefined) return own;
    const found = this.#find(number);
    return found === undefined ? undefined : this.#own.put(number, found);
  }

  override holds(number: number): boolean {
    return this.#own.holds(number);
  }

  override get numbers(): Iterable<number> {
    return this.#own.numbers;
  }

  override put(number: number, content: C): C {
    return this.#own.put(number, content);
  }

  override delete(number: number): void {
    this.#own.delete(number);
  }

  #find(number: number): C | undefined {
    for (const mirror of this.#mirrors) {
      const found = mirror.get(number);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
