import { byCodePoint } from "@depid/hash";
import type { SstateObject, SstateStore } from "./sstate-store.ts";

/** A store that lives as long as the value; `objects` are in it from the start. */
export function createMemoryStore(objects: Iterable<SstateObject> = []): SstateStore {
  const byName = new Map<string, SstateObject>();
  const putOne = (object: SstateObject): "new" | "kept" => {
    if (byName.has(object.name)) return "kept";
    byName.set(object.name, { name: object.name, content: object.content });
    return "new";
  };
  for (const object of objects) putOne(object);
  return {
    has: async (names) => names.map((name) => byName.has(name)),
    find: async (names) => names.map((name) => byName.get(name)),
    put: async (added) => added.map(putOne),
    remove: async (names) => {
      for (const name of names) byName.delete(name);
    },
    list: async () => [...byName.keys()].sort(byCodePoint),
  };
}
