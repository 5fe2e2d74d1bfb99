import { NO_DETAILS } from "@depid/hashserv-protocol";
import { describe, expect, it } from "vitest";
import type { MaybePromise } from "../../maybe-promise.ts";
import type { Slice, SliceDone, StorageTransaction } from "../../storage/storage.ts";
import type { OpenPair } from "./open-pair.ts";

/** Marks are given, and rows removed, a slice at a time. */
export function describeUpkeep(pair: OpenPair): void {
  it("gives new rows the current mark, which both handles know, until there is none", async () => {
    expect(await pair.storage.read.findMark()).toBeUndefined();
    await pair.record("t0", "o0", "u0");
    for (const mark of ["m1", "", "m\0 2", undefined]) {
      await pair.storage.transaction((rows) => rows.setMark(mark));
      expect(await pair.other.read.findMark()).toBe(mark);
      await pair.record(`t ${mark}`, `o ${mark}`, "u");
      const row = await pair.storage.read.findOldestOfTask({ method: "m", taskhash: `t ${mark}` });
      expect(row?.mark).toBe(mark ?? "");
    }
    expect(await pair.storage.read.findOldestOfTask({ method: "m", taskhash: "t0" })).toMatchObject({ mark: "" });
    expect(await pair.other.read.countMarks("m1")).toEqual({ equal: 1, other: 4 });
    expect(await pair.other.read.countMarks("")).toEqual({ equal: 3, other: 2 });
  });

  /** Carries out a change slice by slice, a transaction each. @returns the rows it applied to in each */
  async function slices(limit: number, change: (rows: StorageTransaction, slice: Slice) => MaybePromise<SliceDone>) {
    const counts: number[] = [];
    for (let after: number | undefined = 0; after !== undefined; ) {
      const slice: Slice = { after, limit };
      const done: SliceDone = await pair.storage.transaction((rows) => change(rows, slice));
      counts.push(done.count);
      after = done.next;
      if (counts.length > 100) throw new Error("slices without end");
    }
    for (const count of counts) expect(count).toBeLessThanOrEqual(limit);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** 20 tasks of two methods, four outputs, five depids, with details; task 19 has no depid, task 18 no output. */
  async function fill() {
    await pair.storage.transaction(async (rows) => {
      for (let i = 0; i < 20; i++) {
        const key = { method: `m${i % 2}`, taskhash: `t${i}` };
        const details = { ...NO_DETAILS, PN: i % 4 === 0 ? null : `p${i % 4}`, task: "do_x" };
        const created = `2020-01-${10 + i}`;
        if (i !== 18) await rows.insertOutHash({ ...key, outhash: `o${i % 4}`, created, details });
        if (i !== 19) await rows.insertEquivalence({ ...key, depid: `u${i % 5}` });
      }
    });
  }
  const counts = async () => {
    const rows = await pair.storage.read.countRows();
    return [rows.get("unihashes_v3"), rows.get("outhashes_v2")];
  };

  describe.each([1, 3, 1000])("with slices of %i rows", (limit) => {
    it.each([
      [{ method: "m0" }, 10],
      [{ method: "m1" }, 9],
      [{ taskhash: "t4" }, 1],
      [{ depid: "u2" }, 4],
      [{ method: "m0", taskhash: "t4" }, 1],
      [{ method: "m1", taskhash: "t4" }, 0],
      [{ method: "m0", depid: "u2" }, 2],
      [{ depid: "u2", mark: "x" }, 0],
      [{ mark: "" }, 19],
      [{ method: "M0" }, 0],
    ] as const)("marks, and removes, equivalences where %j", async (where, count) => {
      await fill();
      expect(await slices(limit, (rows, slice) => rows.markEquivalences(where, "x", slice))).toBe(count);
      expect(await pair.storage.read.countMarks("x")).toEqual({ equal: count, other: 19 - count });
      if ("mark" in where) return;
      expect(await slices(limit, (rows, slice) => rows.markEquivalences(where, "x", slice))).toBe(count);
      expect(await slices(limit, (rows, slice) => rows.removeEquivalences(where, slice))).toBe(count);
      expect(await pair.storage.read.countMarks("x")).toEqual({ equal: 0, other: 19 - count });
      expect(await counts()).toEqual([19 - count, 19]);
    });

    it.each([
      [{ method: "m0" }, 9],
      [{ taskhash: "t4" }, 1],
      [{ outhash: "o2" }, 4],
      [{ method: "m0", outhash: "o2" }, 4],
      [{ method: "m0", taskhash: "t6" }, 1],
      [{ method: "m0", taskhash: "t6", outhash: "o1" }, 0],
      [{ PN: "p3" }, 5],
      [{ task: "do_x", created: "2020-01-13" }, 1],
      [{ PV: "" }, 0],
    ] as const)("removes outputs where %j", async (where, count) => {
      await fill();
      expect(await slices(limit, (rows, slice) => rows.removeOutHashes(where, slice))).toBe(count);
      expect(await counts()).toEqual([19, 19 - count]);
    });

    it("sweeps what does not have the mark", async () => {
      await fill();
      await slices(limit, (rows, slice) => rows.markEquivalences({ depid: "u3" }, "x", slice));
      expect(await slices(limit, (rows, slice) => rows.removeUnmarked("x", slice))).toBe(15);
      expect(await counts()).toEqual([4, 19]);
      expect(await pair.storage.read.depIdsExist(["u0", "u3"])).toEqual([false, true]);
    });

    it("removes outputs whose taskhash has no depid, if they are older", async () => {
      await fill();
      await slices(limit, (rows, slice) => rows.removeEquivalences({ method: "m0" }, slice));
      expect(await slices(limit, (rows, slice) => rows.removeUnused("2020-01-14", slice))).toBe(2);
      expect(await slices(limit, (rows, slice) => rows.removeUnused("2021-01-01", slice))).toBe(8);
      expect(await counts()).toEqual([9, 9]);
      await pair.storage.transaction(async (rows) => {
        await rows.insertOutHash({ method: "m", taskhash: "t", outhash: "o", created: null, details: NO_DETAILS });
      });
      expect(await slices(limit, (rows, slice) => rows.removeUnused("2021-01-01", slice))).toBe(0);
    });
  });
}
