import type { HashClient } from "@depid/hashserv-client";
import { get, getOutHash } from "@depid/hashserv-protocol";
import type { RecordedReport, ServerQueries } from "@depid/replay";

/** Asks a server what it was told of outputs: `get-stream`, `get` and `get-outhash`, of which none changes anything. */
export function createServerQueries(client: HashClient, method: string): ServerQueries {
  return {
    depidsOf: (taskhashes) => client.getDepIds(taskhashes.map((taskhash) => ({ method, taskhash }))),
    async oldestReportsOf(taskhashes) {
      const rows = await client.callAll(
        get,
        taskhashes.map((taskhash) => ({ method, taskhash, all: true })),
      );
      return rows.map((row) => (row !== null && "outhash" in row ? reportOf(row) : undefined));
    },
    async oldestReportsOfOutputs(reports) {
      const rows = await client.callAll(
        getOutHash,
        reports.map(({ taskhash, outhash }) => ({ method, taskhash, outhash, withDepId: false })),
      );
      return rows.map((row) => (row === null ? undefined : reportOf(row)));
    },
  };
}

function reportOf({ method, taskhash, outhash }: RecordedReport): RecordedReport {
  return { method, taskhash, outhash };
}
