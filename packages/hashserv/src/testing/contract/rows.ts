import { NO_DETAILS } from "@depid/hashserv-protocol";
import { expect, it } from "vitest";
import type { Storage } from "../../storage/storage.ts";
import type { OpenPair } from "./open-pair.ts";

/** What was recorded is found as it was recorded, by its text, the oldest first. */
export function describeRows(pair: OpenPair): void {
  it("answers a batch in the order asked, with nothing for what is unknown", async () => {
    await pair.record("t1", "o1", "u1");
    await pair.record("t2", "o2", "u2");
    const keys = ["t2", "t3", "t1", "t2"].map((taskhash) => ({ method: "m", taskhash }));
    expect(await pair.storage.read.findDepIds(keys)).toEqual(["u2", undefined, "u1", "u2"]);
    expect(await pair.storage.read.findDepIds([])).toEqual([]);
    expect(await pair.storage.read.depIdsExist(["u3", "u1", "u1"])).toEqual([false, true, true]);
  });

  it("knows what decides on a report: the depid, whether it is recorded, and the oldest equal output", async () => {
    await pair.storage.transaction(async (rows) => {
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
    await pair.storage.transaction(async (rows) => {
      for (let i = 0; i < 2000; i++) {
        await rows.insertEquivalence({ method: `m${i % 3}`, taskhash: `t${i}`, depid: `u${i}` });
      }
    });
    const keys = Array.from({ length: 3000 }, (_, i) => ({ method: `m${i % 3}`, taskhash: `t${i}` }));
    const found = await pair.storage.read.findDepIds(keys);
    expect(found).toEqual(keys.map((_, i) => (i < 2000 ? `u${i}` : undefined)));
    const exist = await pair.storage.read.depIdsExist(keys.map((_, i) => `u${i}`));
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
    await pair.storage.transaction(async (rows) => {
      await rows.insertEquivalence({ method: one, taskhash: one, depid: "u1" });
      await rows.insertOutHash({ method: one, taskhash: one, outhash: one, details: { ...NO_DETAILS, PN: one } });
    });
    expect(await pair.storage.read.findDepIds([{ method: one, taskhash: one }])).toEqual(["u1"]);
    const row = await pair.storage.read.findOldestOfOutput(one, one);
    expect(row).toMatchObject({ method: one, taskhash: one, outhash: one, depid: "u1" });
    expect(row?.details).toEqual({ ...NO_DETAILS, PN: one });
    if (one === two) return;
    expect(await pair.storage.read.findDepIds([{ method: two, taskhash: two }])).toEqual([undefined]);
    expect(await pair.storage.read.findOldestOfOutput(two, two)).toBeUndefined();
  });

  it.each([
    ["ASCII", "drwxr-xr-x  ./usr\n"],
    ["letters beyond it", "\ufefflibäé😀\n"],
    ["NUL", "a\0b"],
  ])("gives long text as it was recorded: %s", async (_what, text) => {
    const outhashSiginfo = text.repeat(70_000);
    await pair.storage.transaction((rows) =>
      rows.insertOutHash({ method: "m", taskhash: "t", outhash: "o", details: { ...NO_DETAILS, outhashSiginfo } }),
    );
    const row = await pair.storage.read.findOldestRecord("m", "o");
    expect(row?.details.outhashSiginfo === outhashSiginfo).toBe(true);
  });

  it("keeps the first depid of a taskhash and the first record of an output", async () => {
    await pair.record("t", "o", "u1");
    const first = await pair.storage.read.findOldestOfTask({ method: "m", taskhash: "t" });
    await pair.record("t", "o", "u2");
    expect(await pair.storage.read.findOldestOfTask({ method: "m", taskhash: "t" })).toEqual(first);
    expect(first).toMatchObject({ outhash: "o", depid: "u1", mark: "", details: NO_DETAILS });
  });

  it("finds the oldest output whose taskhash has a depid, passing over one taskhash", async () => {
    await pair.record("t0", "o");
    await pair.record("t1", "o", "u1");
    await pair.record("t2", "o", "u2");
    expect(await pair.storage.read.findOldestOfOutput("m", "o")).toMatchObject({ taskhash: "t1", depid: "u1" });
    expect(await pair.storage.read.findOldestOfOutput("m", "o", "t1")).toMatchObject({ taskhash: "t2", depid: "u2" });
    expect(await pair.storage.read.findOldestRecord("m", "o")).toMatchObject({ taskhash: "t0", outhash: "o" });
    expect(await pair.storage.read.findOldestRecord("m", "o")).not.toHaveProperty("depid");
    expect(await pair.storage.read.findOldestOfTask({ method: "m", taskhash: "t0" })).toBeUndefined();
  });

  it("gives each record a later time than the one before", async () => {
    for (let i = 0; i < 20; i++) await pair.record(`t${i}`, `o${i}`, "u");
    const created = await Promise.all(
      Array.from(
        { length: 20 },
        async (_, i) => (await pair.storage.read.findOldestRecord("m", `o${i}`))?.created ?? "",
      ),
    );
    expect(created).toEqual([...new Set(created)].sort());
    for (const text of created) expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/);
  });

  it("keeps the time of a row that was copied, and finds the oldest by it, null first, then by age of the row", async () => {
    await pair.record("t1", "o", "u1");
    for (const [taskhash, created] of [
      ["t2", "2001-02-02T00:00:00.000001+00:00"],
      ["t3", "2001-02-02T00:00:00+00:00"],
      ["t4", null],
      ["t5", null],
    ] as const) {
      await pair.storage.transaction(async (rows) => {
        await rows.insertOutHash({ method: "m", taskhash, outhash: "o", created, details: NO_DETAILS });
      });
    }
    const order: unknown[] = [];
    for (const taskhash of ["t2", "t3", "t5", "t4"]) {
      await pair.storage.transaction((rows) => rows.insertEquivalence({ method: "m", taskhash, depid: "u" }));
      const oldest = await pair.storage.read.findOldestOfOutput("m", "o");
      order.push([oldest?.taskhash, oldest?.created]);
    }
    expect(order).toEqual([
      ["t2", "2001-02-02T00:00:00.000001+00:00"],
      ["t3", "2001-02-02T00:00:00+00:00"],
      ["t5", null],
      ["t4", null],
    ]);
  });

  it("counts the rows of each table", async () => {
    const counts = async () => Object.fromEntries(await pair.other.read.countRows());
    expect(await counts()).toMatchObject({ unihashes_v3: 0, outhashes_v2: 0, users: 0, config: 0 });
    await pair.record("t1", "o", "u1");
    await pair.record("t1", "o2");
    await pair.storage.transaction((rows) => rows.setMark(undefined));
    expect(await counts()).toMatchObject({ unihashes_v3: 1, outhashes_v2: 2, users: 0, config: 1 });
  });

  it("tells what it takes on disk, which rows add to, if it takes anything", async () => {
    const total = async ({ sizeInBytes }: Storage) => {
      const size = await sizeInBytes();
      return size && size.main + (size.wal ?? 0);
    };
    const before = await total(pair.storage);
    for (let i = 0; i < 500; i++) void pair.record(`t${i}`, `o${i}`, `u${i}`);
    await pair.record("last", "o", "u");
    const after = await total(pair.storage);
    expect(after === undefined).toBe(before === undefined);
    if (before === undefined || after === undefined) return;
    expect(after - before).toBeGreaterThan(500 * 20);
    expect(await total(pair.other)).toBeGreaterThan(before);
  });
}
