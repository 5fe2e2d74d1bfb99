import { byCodePoint } from "@depid/hash";
import type { SstateObject, SstateStore } from "@depid/sstate";

/** What may be asked for objects. */
export interface ObjectSource {
  /** What the object of a name holds; `undefined` if there is none. */
  get(name: string): string | undefined;
}

/** The sstate cache of a policy, in memory; over another one, which is left as it is: what is put in is gone with this one. */
export class ObjectCache implements ObjectSource {
  readonly #objects = new Map<string, string>();
  readonly #base: ObjectSource | undefined;

  constructor(base?: ObjectSource) {
    this.#base = base;
  }

  get(name: string): string | undefined {
    return this.#objects.get(name) ?? this.#base?.get(name);
  }

  /** Keeps an object, unless there is one of that name. @returns what is kept under it */
  put(name: string, content: string): string {
    const known = this.get(name);
    if (known === undefined) this.#objects.set(name, content);
    return known ?? content;
  }

  /** The same as a store for simulated builds. @param onNew told of names that are new */
  asStore(onNew?: (name: string) => void): SstateStore {
    const find = (name: string): SstateObject | undefined => {
      const content = this.get(name);
      return content === undefined ? undefined : { name, content };
    };
    return {
      find: async (names) => names.map(find),
      has: async (names) => names.map((name) => this.get(name) !== undefined),
      put: async (objects) =>
        objects.map(({ name, content }) => {
          if (this.get(name) !== undefined) return "kept";
          this.#objects.set(name, content);
          onNew?.(name);
          return "new";
        }),
      remove: async (names) => {
        for (const name of names) this.#objects.delete(name);
      },
      list: async () => [...this.#objects.keys()].sort(byCodePoint),
    };
  }
}

/** The cache as it was before these were put in. */
export function cacheWithout(cache: ObjectSource, added: ReadonlySet<string>): ObjectSource {
  return { get: (name) => (added.has(name) ? undefined : cache.get(name)) };
}
