import type { DepId } from "@depid/hash";
import type { EquivalenceService } from "../equivalence-service.ts";

/** A service in a table, with the rule of the server for one name space after another: for examples and tests without sockets. */
export function createTableService(): EquivalenceService {
  const depids = new Map<string, DepId>();
  /** Taskhashes that were reported with an output, the oldest first. */
  const outputs = new Map<string, readonly string[]>();
  return {
    getDepIds: async (queries) => queries.map(({ method, taskhash }) => depids.get(`${method} ${taskhash}`)),
    reportAll: async (reports) =>
      reports.map(({ method, taskhash, outhash, depid }) => {
        const task = `${method} ${taskhash}`;
        const output = `${method} ${outhash}`;
        const tasks = outputs.get(output) ?? [];
        const applies = depids.get(task) ?? depids.get(tasks[0] ?? "") ?? depid;
        depids.set(task, applies);
        if (!tasks.includes(task)) outputs.set(output, [...tasks, task]);
        return applies;
      }),
    reportEquiv: async ({ method, taskhash, depid }) => {
      const task = `${method} ${taskhash}`;
      const applies = depids.get(task) ?? depid;
      depids.set(task, applies);
      return applies;
    },
    removeAll: async (removed) => {
      const gone = new Set(removed.map(({ method, taskhash }) => `${method} ${taskhash}`));
      for (const task of gone) depids.delete(task);
      for (const [output, tasks] of outputs)
        outputs.set(
          output,
          tasks.filter((it) => !gone.has(it)),
        );
    },
  };
}
