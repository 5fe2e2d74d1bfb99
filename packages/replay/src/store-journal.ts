import type { SstateStore } from "@depid/sstate";

/** A store that knows what has come since a moment. Nothing is ever removed from it. */
export interface StoreJournal extends SstateStore {
  /** Now is the moment. */
  begin(): void;
  /** The store as it was then; what is put into it is gone at once. */
  readonly asItWas: SstateStore;
}

export function createJournal(store: SstateStore): StoreJournal {
  let added = new Set<string>();
  const asItWas: SstateStore = {
    ...store,
    has: async (names) => (await store.has(names)).map((has, i) => has && !added.has(names[i] as string)),
    find: async (names) =>
      (await store.find(names)).map((object) => (object && added.has(object.name) ? undefined : object)),
    put: async (objects) => objects.map(() => "new"),
  };
  return {
    ...store,
    asItWas,
    begin() {
      added = new Set();
    },
    async put(objects) {
      const stored = await store.put(objects);
      objects.forEach(({ name }, i) => {
        if (stored[i] === "new") added.add(name);
      });
      return stored;
    },
  };
}
