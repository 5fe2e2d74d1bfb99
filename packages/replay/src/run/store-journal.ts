import type { SstateStore } from "@depid/sstate";

/** A store that knows what has come through it, and so what the store below was before. Nothing is ever removed from that. */
export interface StoreJournal extends SstateStore {
  /** The store as it was when the journal began; what is put into it is gone at once. */
  readonly asItWas: SstateStore;
}

export function createJournal(store: SstateStore): StoreJournal {
  const added = new Set<string>();
  return {
    ...store,
    asItWas: {
      ...store,
      has: async (names) => (await store.has(names)).map((has, i) => has && !added.has(names[i] as string)),
      find: async (names) =>
        (await store.find(names)).map((object) => (object && added.has(object.name) ? undefined : object)),
      put: async (objects) => objects.map(() => "new"),
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
