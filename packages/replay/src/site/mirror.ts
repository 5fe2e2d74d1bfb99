import type { CacheWatch, ObjectCache, ObjectSource } from "../run/object-cache.ts";

/** A copy of a cache, always some steps behind: it has what that one had when a step was over, without what that one has lost since. */
export class Mirror<C> implements ObjectSource<C>, CacheWatch {
  readonly #of: Pick<ObjectCache<C>, "get">;
  readonly #behind: number;
  readonly #objects = new Map<number, C>();
  /** What became of objects in each step that it has not followed yet. */
  readonly #changes: { readonly step: number; readonly changed: Map<number, C | undefined> }[] = [];
  #changed = new Map<number, C | undefined>();

  /** @param behind how many steps, at least 1 */
  constructor(of: Pick<ObjectCache<C>, "get">, behind: number) {
    this.#of = of;
    this.#behind = behind;
  }

  get(number: number): C | undefined {
    return this.#objects.get(number);
  }

  made(number: number): void {
    this.#changed.set(number, this.#of.get(number));
  }

  used(): void {}

  removed(number: number): void {
    this.#changed.set(number, undefined);
  }

  /** A step is over in the cache that it is a copy of. */
  end(step: number): void {
    this.#changes.push({ step, changed: this.#changed });
    this.#changed = new Map();
  }

  /** A step begins. */
  begin(step: number): void {
    for (let next = this.#changes[0]; next && next.step <= step - this.#behind; next = this.#changes[0]) {
      this.#changes.shift();
      for (const [number, content] of next.changed) {
        if (content === undefined) this.#objects.delete(number);
        else this.#objects.set(number, content);
      }
    }
  }
}
