import type { DepId, TaskHash } from "@depid/hash";
import { OutputClasses, type OutputRecords, type RecordedReport } from "./output-records.ts";

/** What a server can be asked without changing it (hashserv-protocol.md section 7). Each call is one batch. */
export interface ServerQueries {
  /** `get-stream`: the depids of taskhashes, in the order asked. */
  depidsOf(taskhashes: readonly string[]): Promise<readonly (DepId | undefined)[]>;
  /** `get` with all: the oldest report of each taskhash that has a depid. */
  oldestReportsOf(taskhashes: readonly string[]): Promise<readonly (RecordedReport | undefined)[]>;
  /** `get-outhash`: the oldest report of each output. */
  oldestReportsOfOutputs(reports: readonly RecordedReport[]): Promise<readonly (RecordedReport | undefined)[]>;
}

/**
 * Records of a server that answers. The protocol gives no tables, only the oldest report of a taskhash and the oldest of an output; what these two lead to
 * is followed to the end, so that outputs which the server once found equal are found equal here.
 */
export function createServerRecords(server: ServerQueries): OutputRecords {
  const classes = new OutputClasses();
  const asked = new Set<string>();
  return {
    notes: [
      "the server was asked for the oldest report of each taskhash and of each output; further outputs of a taskhash that is not reproducible are unknown",
    ],
    depidsOf: (taskhashes) => server.depidsOf(taskhashes),
    async outputsOf(taskhashes) {
      let unknown: readonly string[] = taskhashes;
      while (unknown.length > 0) {
        for (const taskhash of unknown) asked.add(taskhash);
        const reports = (await server.oldestReportsOf(unknown)).filter((report) => report !== undefined);
        const first = (await server.oldestReportsOfOutputs(reports)).filter((report) => report !== undefined);
        for (const { taskhash, outhash } of [...reports, ...first]) classes.add(taskhash, outhash);
        unknown = [...new Set(first.map(({ taskhash }) => taskhash).filter((taskhash) => !asked.has(taskhash)))];
      }
      return taskhashes.map((taskhash: TaskHash) => classes.find(taskhash));
    },
  };
}
