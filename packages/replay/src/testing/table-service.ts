import type { DepId } from "@depid/hash";
import type { EquivalenceService } from "../equivalence-service.ts";

/** A service in a table, with the rule of the server for one name space after another: for examples and tests without sockets. */
export function createTableService(): EquivalenceService {
  const depids = new Map<string, DepId>();
  const outputs = new Map<string, DepId>();
  return {
    getDepIds: async (queries) => queries.map(({ method, taskhash }) => depids.get(`${method} ${taskhash}`)),
    reportAll: async (reports) =>
      reports.map(({ method, taskhash, outhash, depid }) => {
        const task = `${method} ${taskhash}`;
        const output = `${method} ${outhash}`;
        const applies = depids.get(task) ?? outputs.get(output) ?? depid;
        depids.set(task, applies);
        if (!outputs.has(output)) outputs.set(output, applies);
        return applies;
      }),
    reportEquiv: async ({ method, taskhash, depid }) => {
      const task = `${method} ${taskhash}`;
      const applies = depids.get(task) ?? depid;
      depids.set(task, applies);
      return applies;
    },
  };
}
