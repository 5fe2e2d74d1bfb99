import { byCodePoint, type DepId } from "@depid/hash";
import type { EarlierDepIds } from "@depid/runqueue";
import type { DepIdQuery } from "@depid/siggen";
import type { SstateObject, SstateStore } from "@depid/sstate";
import type { EquivalenceService } from "../equivalence-service.ts";
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
    list: async () => [...new Set([...(await base.list()), ...added.keys()])].sort(byCodePoint),
  };
}

/** Depids over others, which are left as they are. */
export function overlayDepIds(base: Pick<EarlierDepIds, "has">): EarlierDepIds {
  const added = new Set<DepId>();
  return { has: (depid) => added.has(depid) || base.has(depid), add: (depid) => added.add(depid) };
}

/**
 * A server that begins with what another is known to hold in one name space, by the same rule (hashserv-protocol.md): a taskhash keeps its first depid, the
 * first report of an output decides for those that follow. The other is not asked and not told.
 *
 * @param method the name space that is known; in any other nothing is there
 */
export function overlayServer(base: ServerKnowledge, method: string): EquivalenceService {
  const depids = new Map<string, DepId>();
  const outputs = new Map<string, DepId>();
  const findDepId = (query: DepIdQuery): DepId | undefined =>
    depids.get(`${query.method} ${query.taskhash}`) ??
    (query.method === method ? base.depIdOf(query.taskhash) : undefined);
  const keep = ({ method: space, taskhash }: DepIdQuery, depid: DepId): DepId => {
    depids.set(`${space} ${taskhash}`, depid);
    return depid;
  };
  return {
    getDepIds: async (queries) => queries.map(findDepId),
    reportAll: async (reports) =>
      reports.map((report) => {
        const output = `${report.method} ${report.outhash}`;
        const known = report.method === method ? base.depIdOfOutput(report.outhash) : undefined;
        const first = outputs.get(output) ?? known;
        const applies = keep(report, findDepId(report) ?? first ?? report.depid);
        if (first === undefined) outputs.set(output, applies);
        return applies;
      }),
    reportEquiv: async (declared) => keep(declared, findDepId(declared) ?? declared.depid),
  };
}
