import { byCodePoint } from "@depid/hash";
import type { SstateObject, SstateStore } from "@depid/sstate";
import { SlotTable } from "../slot-table.ts";
import type { ObjectNumbers } from "./object-numbers.ts";

/** What may be asked for objects. */
export interface ObjectSource<C> {
  /** What the object of a number holds; `undefined` if there is none. */
  get(number: number): C | undefined;
}

/** How contents are written in a store. */
export interface ContentFormat<C> {
  format(content: C): string;
  /** The inverse of `format`. */
  parse(text: string): C;
}

/** Who hears what becomes of the objects of a cache, by their numbers. */
export interface CacheWatch {
  made(number: number): void;
  /** It was restored, or would have been made again. */
  used(number: number): void;
  removed(number: number): void;
}

/** The sstate cache of a policy, in memory, by number of the object's name; over another one, which is left as it is: what is put in is gone with this one. */
export class ObjectCache<C> implements ObjectSource<C> {
  readonly #numbers: ObjectNumbers;
  readonly #format: ContentFormat<C>;
  readonly #objects: SlotTable<C> | Map<number, C>;
  readonly #base: ObjectSource<C> | undefined;
  readonly #watches: readonly CacheWatch[];

  constructor(
    numbers: ObjectNumbers,
    format: ContentFormat<C>,
    base?: ObjectSource<C>,
    watches: readonly CacheWatch[] = [],
  ) {
    this.#numbers = numbers;
    this.#format = format;
    this.#base = base;
    this.#watches = watches;
    // Few lie over others.
    this.#objects = base === undefined ? new SlotTable() : new Map();
  }

  /** Another one over this. */
  over(): ObjectCache<C> {
    return new ObjectCache(this.#numbers, this.#format, this);
  }

  get(number: number): C | undefined {
    return this.#objects.get(number) ?? this.#base?.get(number);
  }

  /** The same for who restores it: it is used. */
  use(number: number): C | undefined {
    const content = this.get(number);
    if (content !== undefined) for (const it of this.#watches) it.used(number);
    return content;
  }

  /** Whether it has an object itself: one that would not be new. */
  holds(number: number): boolean {
    return this.get(number) !== undefined;
  }

  /** Numbers of its own objects, in no order that matters. */
  get numbers(): Iterable<number> {
    return this.#objects.keys();
  }

  /** Keeps an object, unless there is one of that number. @returns what is kept under it */
  put(number: number, content: C): C {
    const known = this.use(number);
    if (known !== undefined) return known;
    this.#objects.set(number, content);
    for (const it of this.#watches) it.made(number);
    return content;
  }

  /** Removes an object. */
  delete(number: number): void {
    this.#objects.delete(number);
    for (const it of this.#watches) it.removed(number);
  }

  /** The same as a store for simulated builds. @param onNew told of numbers of objects that are new */
  asStore(onNew?: (number: number) => void): SstateStore {
    const numbers = this.#numbers;
    const format = this.#format;
    const find = (name: string): SstateObject | undefined => {
      const content = this.get(numbers.of(name));
      return content === undefined ? undefined : { name, content: format.format(content) };
    };
    return {
      find: async (names) => names.map(find),
      has: async (names) => names.map((name) => this.get(numbers.of(name)) !== undefined),
      put: async (objects) =>
        objects.map(({ name, content }) => {
          const number = numbers.of(name);
          const isNew = !this.holds(number);
          this.put(number, format.parse(content));
          if (!isNew) return "kept";
          onNew?.(number);
          return "new";
        }),
      remove: async (names) => {
        for (const name of names) this.delete(numbers.of(name));
      },
      list: async () => [...this.numbers].map((number) => numbers.nameOf(number)).sort(byCodePoint),
    };
  }
}

/** The cache as it was before these were put in. */
export function cacheWithout<C>(cache: ObjectSource<C>, added: ReadonlySet<number>): ObjectSource<C> {
  return { get: (number) => (added.has(number) ? undefined : cache.get(number)) };
}
