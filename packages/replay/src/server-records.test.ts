import { describe, expect, it } from "vitest";
import { createTableRecords, type RecordedReport } from "./output-records.ts";
import { createServerRecords } from "./server-records.ts";

/** A server of these reports, which answers as the real one does: with the oldest row. */
function createServer(reports: readonly RecordedReport[]) {
  const asked: string[] = [];
  const records = createServerRecords({
    depidsOf: async (taskhashes) => taskhashes.map(() => undefined),
    oldestReportsOf: async (taskhashes) => {
      asked.push(...taskhashes);
      return taskhashes.map((taskhash) => reports.find((it) => it.taskhash === taskhash));
    },
    oldestReportsOfOutputs: async (rows) => rows.map(({ outhash }) => reports.find((it) => it.outhash === outhash)),
  });
  return { records, asked };
}

const report = (taskhash: string, outhash: string): RecordedReport => ({ method: "m", taskhash, outhash });

describe("a server that is asked for outputs", () => {
  it("finds equal what its tables find equal, where the oldest reports lead from one to the other", async () => {
    const reports = [report("1", "a"), report("1", "b"), report("2", "b"), report("3", "c")];
    const { records, asked } = createServer(reports);
    const tasks = ["2", "3", "1", "4"] as never[];
    const [two, three, one, four] = await records.outputsOf(tasks);
    expect([two === one, two === three, four]).toEqual([true, false, undefined]);
    const [inTable, , first] = await createTableRecords({ reports, equivalences: [] }, "m").outputsOf(tasks);
    expect(inTable === first).toBe(true);
    expect(asked.sort()).toEqual(["1", "2", "3", "4"]);
  });

  it("keeps the name of an output that was told, when a later answer shows another to be the same", async () => {
    const { records } = createServer([report("1", "a"), report("2", "a")]);
    const [one] = await records.outputsOf(["1"] as never[]);
    expect(await records.outputsOf(["2", "1"] as never[])).toEqual([one, one]);
  });

  it("does not know a further output of a task that is not reproducible, which is said", async () => {
    const { records } = createServer([report("1", "a"), report("2", "b"), report("1", "b")]);
    const [one, two] = await records.outputsOf(["1", "2"] as never[]);
    expect(one).not.toBe(two);
    expect(records.notes).toEqual([expect.stringContaining("not reproducible are unknown")]);
  });
});
