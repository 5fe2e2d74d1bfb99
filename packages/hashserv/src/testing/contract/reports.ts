import { parseDepId } from "@depid/hash";
import { describe, expect, it } from "vitest";
import type { ReportOutcome, ReportToRecord } from "../../rule/report-rule.ts";
import type { Storage } from "../../storage/storage.ts";
import type { OpenPair } from "./open-pair.ts";

/** Reports are decided by the rule, one after another, however many arrive together and on whichever handle. */
export function describeReports(pair: OpenPair): void {
  describe.each([1, 40])("of reports, %i at a time", (size) => {
    const reports = (count: number, outhash: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => ({
        method: "m",
        taskhash: `t${i}`,
        outhash: outhash(i),
        depid: digit(i),
        details: { PN: "recipe\0", task: null },
      }));
    const digit = (i: number) => parseDepId(i.toString(16).padStart(64, "0"));
    /** Hands reports to both handles in turn, all at once. @returns the depids, in the order of the reports */
    async function recordAll(all: readonly ReportToRecord[], handles = [pair.storage]) {
      const calls: Promise<readonly ReportOutcome[]>[] = [];
      for (let at = 0; at < all.length; at += size) {
        const handle = handles[calls.length % handles.length] as Storage;
        calls.push(handle.recordReports(all.slice(at, at + size)));
      }
      return (await Promise.all(calls)).flat().map(({ depid }) => depid);
    }

    it("the first of an output wins, also among those that arrive together", async () => {
      const all = reports(120, (i) => `o${i % 3}`);
      expect(await recordAll(all)).toEqual(all.map((_, i) => digit(i % 3)));
      expect(await recordAll(all)).toEqual(all.map((_, i) => digit(i % 3)));
      const keys = all.map(({ method, taskhash }) => ({ method, taskhash }));
      expect(await pair.other.read.findDepIds(keys)).toEqual(all.map((_, i) => digit(i % 3)));
      expect(await pair.other.read.findOldestRecord("m", "o1")).toMatchObject({
        taskhash: "t1",
        details: { PN: "recipe\0" },
      });
      expect(Object.fromEntries(await pair.other.read.countRows())).toMatchObject({
        unihashes_v3: 120,
        outhashes_v2: 120,
      });
    });

    it("two handles give one output one depid", async () => {
      const depids = await recordAll(
        reports(120, () => "o"),
        [pair.storage, pair.other],
      );
      expect(new Set(depids).size).toBe(1);
    });

    it("see what transactions before them did, and are seen by those behind them", async () => {
      const [first] = reports(1, () => "o0");
      const declared = pair.record("t0", "other", digit(7));
      const recorded = recordAll([...reports(120, (i) => `o${i}`)]);
      const mark = pair.storage.transaction((rows) => rows.findDepIds([{ method: "m", taskhash: "t119" }]));
      await declared;
      expect((await recorded)[0]).toBe(digit(7));
      expect(await mark).toEqual([digit(119)]);
      expect(await recordAll([{ ...(first as ReportToRecord), taskhash: "new" }])).toEqual([digit(7)]);
    });

    it("stop at one that an old database has no valid depid for", async () => {
      await pair.record("old", "o50", "junk");
      const before = await pair.storage.recordReports(reports(100, (i) => `o${i}`));
      expect(before.length).toBe(51);
      expect(before.at(-1)).toEqual({ depid: "junk", joined: false });
      expect(await pair.other.read.findOldestRecord("m", "o49")).toBeDefined();
      expect(await pair.other.read.findOldestRecord("m", "o51")).toBeUndefined();
    });
  });
}
