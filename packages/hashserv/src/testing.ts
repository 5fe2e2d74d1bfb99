import { NO_DETAILS } from "@depid/hashserv-protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Storage } from "./storage.ts";

/** Two handles on one set of rows, as two server processes have. */
export interface StoragePair {
  readonly storage: Storage;
  /** The same storage where only one handle can exist. */
  readonly other: Storage;
}

/** The contract every storage keeps, as a suite of tests. */
export function describeStorage(name: string, open: () => Promise<StoragePair>): void {
  describe(`${name} keeps the storage contract`, () => {
    let storage: Storage;
    let other: Storage;
    beforeEach(async () => {
      ({ storage, other } = await open());
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
      expect(await storage.findDepIds(keys)).toEqual(["u2", undefined, "u1", "u2"]);
      expect(await storage.findDepIds([])).toEqual([]);
      expect(await storage.depIdsExist(["u3", "u1", "u1"])).toEqual([false, true, true]);
    });

    it("answers batches of any size and mixture of methods", async () => {
      await storage.transaction(async (rows) => {
        for (let i = 0; i < 2000; i++) {
          await rows.insertEquivalence({ method: `m${i % 3}`, taskhash: `t${i}`, depid: `u${i}` });
        }
      });
      const keys = Array.from({ length: 3000 }, (_, i) => ({ method: `m${i % 3}`, taskhash: `t${i}` }));
      const found = await storage.findDepIds(keys);
      expect(found).toEqual(keys.map((_, i) => (i < 2000 ? `u${i}` : undefined)));
      const exist = await storage.depIdsExist(keys.map((_, i) => `u${i}`));
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
      expect(await storage.findDepIds([{ method: one, taskhash: one }])).toEqual(["u1"]);
      const row = await storage.findOldestOfOutput(one, one);
      expect(row).toMatchObject({ method: one, taskhash: one, outhash: one, depid: "u1" });
      expect(row?.details).toEqual({ ...NO_DETAILS, PN: one });
      if (one === two) return;
      expect(await storage.findDepIds([{ method: two, taskhash: two }])).toEqual([undefined]);
      expect(await storage.findOldestOfOutput(two, two)).toBeUndefined();
    });

    it("keeps the first depid of a taskhash and the first record of an output", async () => {
      await record("t", "o", "u1");
      const first = await storage.findOldestOfTask({ method: "m", taskhash: "t" });
      await record("t", "o", "u2");
      expect(await storage.findOldestOfTask({ method: "m", taskhash: "t" })).toEqual(first);
      expect(first).toMatchObject({ outhash: "o", depid: "u1", mark: "", details: NO_DETAILS });
    });

    it("finds the oldest output whose taskhash has a depid, passing over one taskhash", async () => {
      await record("t0", "o");
      await record("t1", "o", "u1");
      await record("t2", "o", "u2");
      expect(await storage.findOldestOfOutput("m", "o")).toMatchObject({ taskhash: "t1", depid: "u1" });
      expect(await storage.findOldestOfOutput("m", "o", "t1")).toMatchObject({ taskhash: "t2", depid: "u2" });
      expect(await storage.findOldestRecord("m", "o")).toMatchObject({ taskhash: "t0", outhash: "o" });
      expect(await storage.findOldestRecord("m", "o")).not.toHaveProperty("depid");
      expect(await storage.findOldestOfTask({ method: "m", taskhash: "t0" })).toBeUndefined();
    });

    it("gives each record a later time than the one before", async () => {
      for (let i = 0; i < 20; i++) await record(`t${i}`, `o${i}`, "u");
      const created = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => (await storage.findOldestRecord("m", `o${i}`))?.created ?? ""),
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
      expect(await storage.findOldestRecord("m", "o")).toMatchObject({ taskhash: "t2" });
      expect(await storage.depIdsExist(["u", "u2"])).toEqual([false, true]);
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
      const depids = await storage.findDepIds(taskhashes.map((taskhash) => ({ method: "m", taskhash })));
      expect(new Set(depids).size).toBe(1);
    });

    it("shows one handle what the other has committed", async () => {
      await record("t", "o", "u");
      expect(await other.findDepIds([{ method: "m", taskhash: "t" }])).toEqual(["u"]);
    });
  });
}
