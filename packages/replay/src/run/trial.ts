import { byCodePoint, type DepId } from "@depid/hash";
import type { EarlierDepIds } from "@depid/runqueue";
import type { SstateObject, SstateStore } from "@depid/sstate";

/** A store over another, which is left as it is: what is put in is gone with this one. */
export function overlayStore(base: SstateStore): SstateStore {
  const added = new Map<string, SstateObject>();
  const find = async (names: readonly string[]): Promise<readonly (SstateObject | undefined)[]> => {
    const below = await base.find(names);
    return names.map((name, i) => added.get(name) ?? below[i]);
  };
  return {
    find,
    has: async (names) => (await find(names)).map((object) => object !== undefined),
    put: async (objects) => {
      const known = await find(objects.map(({ name }) => name));
      return objects.map((object, i) => {
        if (known[i] !== undefined || added.has(object.name)) return "kept";
        added.set(object.name, object);
        return "new";
      });
    },
    remove: async (names) => {
      for (const name of names) added.delete(name);
    },
    list: async () => [...new Set([...(await base.list()), ...added.keys()])].sort(byCodePoint),
  };
}

/** Depids over others, which are left as they are. */
export function overlayDepIds(base: Pick<EarlierDepIds, "has">): EarlierDepIds {
  const added = new Set<DepId>();
  return { has: (depid) => added.has(depid) || base.has(depid), add: (depid) => added.add(depid) };
}
