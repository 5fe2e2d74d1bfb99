import { setImmediate } from "node:timers/promises";
import { parseDepId, sha256Hex } from "@depid/hash";
import { NO_DETAILS } from "@depid/hashserv-protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MaybePromise } from "../maybe-promise.ts";
import type { ReportOutcome, ReportToRecord } from "../rule/report-rule.ts";
import type { Slice, SliceDone, Storage, StorageTransaction } from "../storage/storage.ts";

/** Two handles on one set of rows, as two server processes have. */
export interface StoragePair {
  readonly storage: Storage;
  /** The same storage where only one handle can exist. */
  readonly other: Storage;
  /** Lets happen to the database what may, and gives when it is over; absent where nothing can happen to it. */
  readonly fail?: () => Promise<void>;
}

/** The contract every storage keeps, as a suite of tests. */
export function describeStorage(name: string, open: () => Promise<StoragePair>): void {
  describe(`${name} keeps the storage contract`, () => {
    let storage: Storage;
    let other: Storage;
    let fail: StoragePair["fail"];
    beforeEach(async () => {
      ({ storage, other, fail } = await open());
    });
    afterEach(async () => {
      await storage.close();
      await other.close();
    });

    const record = (taskhash: string, outhash: string, depid?: string) =>
      storage.transaction(async (rows) => {
        await rows.insertOutHash({ method: "m", taskhash, outhash, details: NO_DETAILS });
        if (depid !== undefined) await rows.insertEquivalence({ method: "m", taskhash, depid });
      });

    it("answers a batch in the order asked, with nothing for what is unknown", async () => {
      await record("t1", "o1", "u1");
      await record("t2", "o2", "u2");
      const keys = ["t2", "t3", "t1", "t2"].map((taskhash) => ({ method: "m", taskhash }));
      expect(await storage.read.findDepIds(keys)).toEqual(["u2", undefined, "u1", "u2"]);
      expect(await storage.read.findDepIds([])).toEqual([]);
      expect(await storage.read.depIdsExist(["u3", "u1", "u1"])).toEqual([false, true, true]);
    });

    it("knows what decides on a report: the depid, whether it is recorded, and the oldest equal output", async () => {
      await storage.transaction(async (rows) => {
        const find = (taskhash: string, outhash: string) => rows.findKnown({ method: "m", taskhash, outhash });
        const insert = (taskhash: string, outhash: string) =>
          rows.insertOutHash({ method: "m", taskhash, outhash, details: NO_DETAILS });
        const nothing = { depid: undefined, recorded: false, equal: undefined };
        expect(await find("t1", "o\0 1")).toEqual(nothing);
        await insert("t1", "o\0 1");
        expect(await find("t1", "o\0 1")).toEqual({ ...nothing, recorded: true });
        expect(await find("t2", "o\0 1")).toEqual(nothing);
        await rows.insertEquivalence({ method: "m", taskhash: "t1", depid: "u\0 1" });
        expect(await find("t1", "o\0 1")).toEqual({ depid: "u\0 1", recorded: true, equal: undefined });
        expect(await find("t1", "o2")).toEqual({ depid: "u\0 1", recorded: false, equal: undefined });
        expect(await find("t2", "o\0 1")).toEqual({ ...nothing, equal: "u\0 1" });
        await insert("t0", "o\0 1");
        await rows.insertEquivalence({ method: "m", taskhash: "t0", depid: "u0" });
        expect(await find("t2", "o\0 1")).toEqual({ ...nothing, equal: "u\0 1" });
        expect(await find("t1", "o\0 1")).toEqual({ depid: "u\0 1", recorded: true, equal: "u0" });
        expect(await rows.findKnown({ method: "M", taskhash: "t1", outhash: "o\0 1" })).toEqual(nothing);
      });
    });

    it("answers batches of any size and mixture of methods", async () => {
      await storage.transaction(async (rows) => {
        for (let i = 0; i < 2000; i++) {
          await rows.insertEquivalence({ method: `m${i % 3}`, taskhash: `t${i}`, depid: `u${i}` });
        }
      });
      const keys = Array.from({ length: 3000 }, (_, i) => ({ method: `m${i % 3}`, taskhash: `t${i}` }));
      const found = await storage.read.findDepIds(keys);
      expect(found).toEqual(keys.map((_, i) => (i < 2000 ? `u${i}` : undefined)));
      const exist = await storage.read.depIdsExist(keys.map((_, i) => `u${i}`));
      expect(exist).toEqual(keys.map((_, i) => i < 2000));
    });

    it.each([
      ["empty text", "", ""],
      ["letters and digits of another case", "M", "m"],
      ["a blank at the end", "m ", "m"],
      ["text behind a NUL", "m\0a", "m\0b"],
      ["a NUL at the end", "m\0", "m"],
      ["composed and decomposed accents", "\u00e9", "e\u0301"],
      ["quotes", "'\"", '"'],
      ["a text that looks like a number", "1.0", "1"],
    ])("compares text byte for byte: %s", async (_what, one, two) => {
      await storage.transaction(async (rows) => {
        await rows.insertEquivalence({ method: one, taskhash: one, depid: "u1" });
        await rows.insertOutHash({ method: one, taskhash: one, outhash: one, details: { ...NO_DETAILS, PN: one } });
      });
      expect(await storage.read.findDepIds([{ method: one, taskhash: one }])).toEqual(["u1"]);
      const row = await storage.read.findOldestOfOutput(one, one);
      expect(row).toMatchObject({ method: one, taskhash: one, outhash: one, depid: "u1" });
      expect(row?.details).toEqual({ ...NO_DETAILS, PN: one });
      if (one === two) return;
      expect(await storage.read.findDepIds([{ method: two, taskhash: two }])).toEqual([undefined]);
      expect(await storage.read.findOldestOfOutput(two, two)).toBeUndefined();
    });

    it("keeps the first depid of a taskhash and the first record of an output", async () => {
      await record("t", "o", "u1");
      const first = await storage.read.findOldestOfTask({ method: "m", taskhash: "t" });
      await record("t", "o", "u2");
      expect(await storage.read.findOldestOfTask({ method: "m", taskhash: "t" })).toEqual(first);
      expect(first).toMatchObject({ outhash: "o", depid: "u1", mark: "", details: NO_DETAILS });
    });

    it("finds the oldest output whose taskhash has a depid, passing over one taskhash", async () => {
      await record("t0", "o");
      await record("t1", "o", "u1");
      await record("t2", "o", "u2");
      expect(await storage.read.findOldestOfOutput("m", "o")).toMatchObject({ taskhash: "t1", depid: "u1" });
      expect(await storage.read.findOldestOfOutput("m", "o", "t1")).toMatchObject({ taskhash: "t2", depid: "u2" });
      expect(await storage.read.findOldestRecord("m", "o")).toMatchObject({ taskhash: "t0", outhash: "o" });
      expect(await storage.read.findOldestRecord("m", "o")).not.toHaveProperty("depid");
      expect(await storage.read.findOldestOfTask({ method: "m", taskhash: "t0" })).toBeUndefined();
    });

    it("gives each record a later time than the one before", async () => {
      for (let i = 0; i < 20; i++) await record(`t${i}`, `o${i}`, "u");
      const created = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => (await storage.read.findOldestRecord("m", `o${i}`))?.created ?? ""),
      );
      expect(created).toEqual([...new Set(created)].sort());
      for (const text of created) expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/);
    });

    it("takes back everything when the work of a transaction throws, and goes on", async () => {
      const failed = storage.transaction(async (rows) => {
        await rows.insertOutHash({ method: "m", taskhash: "t", outhash: "o", details: NO_DETAILS });
        await rows.insertEquivalence({ method: "m", taskhash: "t", depid: "u" });
        throw new Error("no");
      });
      const next = record("t2", "o", "u2");
      await expect(failed).rejects.toThrow("no");
      await next;
      expect(await storage.read.findOldestRecord("m", "o")).toMatchObject({ taskhash: "t2" });
      expect(await storage.read.depIdsExist(["u", "u2"])).toEqual([false, true]);
    });

    describe.each([1, 40])("of reports, %i at a time", (size) => {
      const reports = (count: number, outhash: (i: number) => string) =>
        Array.from({ length: count }, (_, i) => ({
          ...{ method: "m", taskhash: `t${i}`, outhash: outhash(i), depid: digit(i) },
          details: { PN: "recipe\0", task: null },
        }));
      const digit = (i: number) => parseDepId(i.toString(16).padStart(64, "0"));
      /** Hands reports to both handles in turn, all at once. @returns the depids, in the order of the reports */
      async function recordAll(all: readonly ReportToRecord[], handles = [storage]) {
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
        expect(await other.read.findDepIds(keys)).toEqual(all.map((_, i) => digit(i % 3)));
        expect(await other.read.findOldestRecord("m", "o1")).toMatchObject({
          taskhash: "t1",
          details: { PN: "recipe\0" },
        });
        expect(Object.fromEntries(await other.read.countRows())).toMatchObject({
          unihashes_v3: 120,
          outhashes_v2: 120,
        });
      });

      it("two handles give one output one depid", async () => {
        const depids = await recordAll(
          reports(120, () => "o"),
          [storage, other],
        );
        expect(new Set(depids).size).toBe(1);
      });

      it("see what transactions before them did, and are seen by those behind them", async () => {
        const [first] = reports(1, () => "o0");
        const declared = record("t0", "other", digit(7));
        const recorded = recordAll([...reports(120, (i) => `o${i}`)]);
        const mark = storage.transaction((rows) => rows.findDepIds([{ method: "m", taskhash: "t119" }]));
        await declared;
        expect((await recorded)[0]).toBe(digit(7));
        expect(await mark).toEqual([digit(119)]);
        expect(await recordAll([{ ...(first as ReportToRecord), taskhash: "new" }])).toEqual([digit(7)]);
      });

      it("stop at one that an old database has no valid depid for", async () => {
        await record("old", "o50", "junk");
        const before = await storage.recordReports(reports(100, (i) => `o${i}`));
        expect(before.length).toBe(51);
        expect(before.at(-1)).toEqual({ depid: "junk", joined: false });
        expect(await other.read.findOldestRecord("m", "o49")).toBeDefined();
        expect(await other.read.findOldestRecord("m", "o51")).toBeUndefined();
      });
    });

    it("lets one transaction of two that arrive together see what the other did", async () => {
      const join = (from: Storage, taskhash: string) =>
        from.transaction(async (rows) => {
          const equal = await rows.findOldestOfOutput("m", "o", taskhash);
          await rows.insertOutHash({ method: "m", taskhash, outhash: "o", details: NO_DETAILS });
          await rows.insertEquivalence({ method: "m", taskhash, depid: equal?.depid ?? taskhash });
        });
      const taskhashes = Array.from({ length: 20 }, (_, i) => `t${i}`);
      await Promise.all(taskhashes.map((taskhash, i) => join(i % 2 === 0 ? storage : other, taskhash)));
      const depids = await storage.read.findDepIds(taskhashes.map((taskhash) => ({ method: "m", taskhash })));
      expect(new Set(depids).size).toBe(1);
    });

    it("keeps the time of a row that was copied, and finds the oldest by it, null first, then by age of the row", async () => {
      await record("t1", "o", "u1");
      for (const [taskhash, created] of [
        ["t2", "2001-02-02T00:00:00.000001+00:00"],
        ["t3", "2001-02-02T00:00:00+00:00"],
        ["t4", null],
        ["t5", null],
      ] as const) {
        await storage.transaction(async (rows) => {
          await rows.insertOutHash({ method: "m", taskhash, outhash: "o", created, details: NO_DETAILS });
        });
      }
      const order: unknown[] = [];
      for (const taskhash of ["t2", "t3", "t5", "t4"]) {
        await storage.transaction((rows) => rows.insertEquivalence({ method: "m", taskhash, depid: "u" }));
        const oldest = await storage.read.findOldestOfOutput("m", "o");
        order.push([oldest?.taskhash, oldest?.created]);
      }
      expect(order).toEqual([
        ["t2", "2001-02-02T00:00:00.000001+00:00"],
        ["t3", "2001-02-02T00:00:00+00:00"],
        ["t5", null],
        ["t4", null],
      ]);
    });

    it("gives new rows the current mark, which both handles know, until there is none", async () => {
      expect(await storage.read.findMark()).toBeUndefined();
      await record("t0", "o0", "u0");
      for (const mark of ["m1", "", "m\0 2", undefined]) {
        await storage.transaction((rows) => rows.setMark(mark));
        expect(await other.read.findMark()).toBe(mark);
        await record(`t ${mark}`, `o ${mark}`, "u");
        const row = await storage.read.findOldestOfTask({ method: "m", taskhash: `t ${mark}` });
        expect(row?.mark).toBe(mark ?? "");
      }
      expect(await storage.read.findOldestOfTask({ method: "m", taskhash: "t0" })).toMatchObject({ mark: "" });
      expect(await other.read.countMarks("m1")).toEqual({ equal: 1, other: 4 });
      expect(await other.read.countMarks("")).toEqual({ equal: 3, other: 2 });
    });

    it("counts the rows of each table", async () => {
      const counts = async () => Object.fromEntries(await other.read.countRows());
      expect(await counts()).toMatchObject({ unihashes_v3: 0, outhashes_v2: 0, users: 0, config: 0 });
      await record("t1", "o", "u1");
      await record("t1", "o2");
      await storage.transaction((rows) => rows.setMark(undefined));
      expect(await counts()).toMatchObject({ unihashes_v3: 1, outhashes_v2: 2, users: 0, config: 1 });
    });

    it("tells what it takes on disk, which rows add to, if it takes anything", async () => {
      const total = async ({ sizeInBytes }: Storage) => {
        const size = await sizeInBytes();
        return size && size.main + (size.wal ?? 0);
      };
      const before = await total(storage);
      for (let i = 0; i < 500; i++) void record(`t${i}`, `o${i}`, `u${i}`);
      await record("last", "o", "u");
      const after = await total(storage);
      expect(after === undefined).toBe(before === undefined);
      if (before === undefined || after === undefined) return;
      expect(after - before).toBeGreaterThan(500 * 20);
      expect(await total(other)).toBeGreaterThan(before);
    });

    const root = { username: "root", token: "sha256:ab:cd", permissions: ["@all"] };
    const guest = { username: "a guest\0", token: "x", permissions: [] };

    it("keeps users, one of a name, in order of creation", async () => {
      const insert = (user: typeof root) => storage.transaction((rows) => rows.insertUser(user));
      expect([await insert(root), await insert(guest), await insert({ ...root, token: "y" })]).toEqual([
        true,
        true,
        false,
      ]);
      expect(await other.read.listUsers()).toEqual([root, guest]);
      expect(await other.read.findUser("root")).toEqual(root);
      expect(await other.read.findUser("Root")).toBeUndefined();
      expect(await other.read.findUser(guest.username)).toEqual(guest);
    });

    it("changes and removes users, and says whether there is such a user", async () => {
      const done = await storage.transaction(async (rows) => [
        await rows.insertUser(root),
        await rows.insertUser(guest),
        await rows.updateUser("root", { permissions: ["@read", "@report"] }),
        await rows.updateUser(guest.username, { token: "z" }),
        await rows.updateUser("nobody", { token: "z" }),
        await rows.removeUser("nobody"),
      ]);
      expect(done).toEqual([true, true, true, true, false, false]);
      expect(await other.read.listUsers()).toEqual([
        { ...root, permissions: ["@read", "@report"] },
        { ...guest, token: "z" },
      ]);
      expect(await storage.transaction((rows) => rows.removeUser("root"))).toBe(true);
      expect(await other.read.listUsers()).toEqual([{ ...guest, token: "z" }]);
    });

    it("takes back changes of users, the mark and removed rows, too", async () => {
      await record("t", "o", "u");
      await storage.transaction((rows) => rows.insertUser(root));
      const failed = storage.transaction(async (rows) => {
        await rows.removeUser("root");
        await rows.insertUser(guest);
        await rows.setMark("x");
        await rows.markEquivalences({ method: "m" }, "x", { after: 0, limit: 9 });
        await rows.removeOutHashes({ method: "m" }, { after: 0, limit: 9 });
        await rows.removeEquivalences({ depid: "u" }, { after: 0, limit: 9 });
        throw new Error("no");
      });
      await expect(failed).rejects.toThrow("no");
      expect(await storage.read.listUsers()).toEqual([root]);
      expect(await storage.read.findMark()).toBeUndefined();
      expect(await storage.read.findOldestOfTask({ method: "m", taskhash: "t" })).toMatchObject({
        depid: "u",
        mark: "",
      });
      expect(await storage.read.depIdsExist(["u"])).toEqual([true]);
    });

    /** Carries out a change slice by slice, a transaction each. @returns the rows it applied to in each */
    async function slices(limit: number, change: (rows: StorageTransaction, slice: Slice) => MaybePromise<SliceDone>) {
      const counts: number[] = [];
      for (let after: number | undefined = 0; after !== undefined; ) {
        const slice: Slice = { after, limit };
        const done: SliceDone = await storage.transaction((rows) => change(rows, slice));
        counts.push(done.count);
        after = done.next;
        if (counts.length > 100) throw new Error("slices without end");
      }
      for (const count of counts) expect(count).toBeLessThanOrEqual(limit);
      return counts.reduce((sum, count) => sum + count, 0);
    }

    /** 20 tasks of two methods, four outputs, five depids, with details; task 19 has no depid, task 18 no output. */
    async function fill() {
      await storage.transaction(async (rows) => {
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
      const rows = await storage.read.countRows();
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
        expect(await storage.read.countMarks("x")).toEqual({ equal: count, other: 19 - count });
        if ("mark" in where) return;
        expect(await slices(limit, (rows, slice) => rows.markEquivalences(where, "x", slice))).toBe(count);
        expect(await slices(limit, (rows, slice) => rows.removeEquivalences(where, slice))).toBe(count);
        expect(await storage.read.countMarks("x")).toEqual({ equal: 0, other: 19 - count });
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
        expect(await storage.read.depIdsExist(["u0", "u3"])).toEqual([false, true]);
      });

      it("removes outputs whose taskhash has no depid, if they are older", async () => {
        await fill();
        await slices(limit, (rows, slice) => rows.removeEquivalences({ method: "m0" }, slice));
        expect(await slices(limit, (rows, slice) => rows.removeUnused("2020-01-14", slice))).toBe(2);
        expect(await slices(limit, (rows, slice) => rows.removeUnused("2021-01-01", slice))).toBe(8);
        expect(await counts()).toEqual([9, 9]);
        await storage.transaction(async (rows) => {
          await rows.insertOutHash({ method: "m", taskhash: "t", outhash: "o", created: null, details: NO_DETAILS });
        });
        expect(await slices(limit, (rows, slice) => rows.removeUnused("2021-01-01", slice))).toBe(0);
      });
    });

    it("carries out what came before it was closed, and refuses what comes after", async () => {
      const before = record("t", "o", "u");
      const closed = storage.close();
      await expect(record("t2", "o", "u2")).rejects.toThrow(/closed/);
      await Promise.all([before, closed]);
    });

    it("says that it is well", async () => {
      await storage.check();
      await other.check();
    });

    it("keeps what it has answered when the database fails under load, and goes on by itself", async () => {
      const answered = new Map<string, string>();
      let stopped = false;
      const clients = Array.from({ length: 4 }, async (_, client) => {
        for (let i = 0; !stopped; i++) {
          const taskhash = `t${client} ${i}`;
          const report = { method: "m", taskhash, outhash: `o${i}`, depid: parseDepId(sha256Hex(taskhash)) };
          const outcomes = await storage.recordReports([report]).catch(() => []);
          for (const { depid } of outcomes) answered.set(taskhash, depid);
          // Look-ups may fail, too, but they never find nothing where something is.
          const [found] = await Promise.resolve(storage.read.findDepIds([report])).catch(() => [
            answered.get(taskhash),
          ]);
          expect(found).toBe(answered.get(taskhash) ?? found);
          await setImmediate(); // a storage that answers at once would leave no turn to anything else
        }
      });
      const more = async () => {
        const before = answered.size;
        await expect.poll(() => answered.size).toBeGreaterThan(before + 20);
      };
      for (let round = 0; round < 3; round++) {
        await more();
        await fail?.();
      }
      await more();
      stopped = true;
      await Promise.all(clients);
      const keys = [...answered.keys()].map((taskhash) => ({ method: "m", taskhash }));
      expect(await other.read.findDepIds(keys)).toEqual([...answered.values()]);
      await storage.check();
    });

    it("shows one handle what the other has committed", async () => {
      await record("t", "o", "u");
      expect(await other.read.findDepIds([{ method: "m", taskhash: "t" }])).toEqual(["u"]);
    });
  });
}
