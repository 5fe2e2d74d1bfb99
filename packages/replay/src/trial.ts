import type { DepId } from "@depid/hash";
import type { SstateObject, SstateStore } from "@depid/sstate";
import type { EquivalenceService } from "./equivalence-service.ts";
import type { ServerKnowledge } from "./server-knowledge.ts";

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
    list: async () => [...new Set([...(await base.list()), ...added.keys()])],
  };
}

/**
 * A server that begins with what another is known to hold, by the same rule (hashserv-protocol.md): a taskhash keeps its first depid, the first report of an
 * output decides for those that follow. The other is not asked and not told.
 */
export function overlayServer(base: ServerKnowledge): EquivalenceService {
  const depids = new Map<string, DepId>();
  const outputs = new Map<string, DepId>();
  return {
    getDepIds: async (queries) => queries.map(({ taskhash }) => depids.get(taskhash) ?? base.depIdOf(taskhash)),
    reportAll: async (reports) =>
      reports.map(({ taskhash, outhash, depid }) => {
        const first = outputs.get(outhash) ?? base.depIdOfOutput(outhash);
        const applies = depids.get(taskhash) ?? base.depIdOf(taskhash) ?? first ?? depid;
        depids.set(taskhash, applies);
        if (first === undefined) outputs.set(outhash, applies);
        return applies;
      }),
    reportEquiv: async ({ taskhash, depid }) => {
      const applies = depids.get(taskhash) ?? base.depIdOf(taskhash) ?? depid;
      depids.set(taskhash, applies);
      return applies;
    },
  };
}
