import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NO_DETAILS } from "@depid/hashserv-protocol";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openSqliteStorage } from "../sqlite/sqlite-storage.ts";
import type { Storage } from "../storage.ts";
import { KnownFilter } from "./known-filter.ts";

let folder: string;
let storage: Storage;
let db: DatabaseSyncInstance;
/** Told of what is inserted. */
let told: KnownFilter | undefined;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  folder = await mkdtemp(join(tmpdir(), "hashserv-filter-"));
  storage = await openSqliteStorage(join(folder, "h.db"), { inserting: (row) => told?.add(row) });
  db = new DatabaseSync(join(folder, "h.db"), { readOnly: true });
});
afterEach(async () => {
  vi.useRealTimers();
  told = undefined;
  db.close();
  await storage.close();
  await rm(folder, { recursive: true });
});

/** Adds so many tasks of a method, every third with two outputs and every fourth without a depid or an output. */
async function fill(method: string, count: number): Promise<void> {
  await storage.transaction(async (rows) => {
    for (let i = 0; i < count; i++) {
      const taskhash = `${method} t${i}`;
      if (i % 4 !== 1) await rows.insertEquivalence({ method, taskhash, depid: "u" });
      if (i % 4 === 2) continue;
      await rows.insertOutHash({ method, taskhash, outhash: `${method} o${i}`, details: NO_DETAILS });
      if (i % 3 === 0) await rows.insertOutHash({ method, taskhash, outhash: `${method} p${i}`, details: NO_DETAILS });
    }
  });
}
const names = (method: string, letter: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${method} ${letter}${i}`);
/** Milliseconds in which it reads a slice each: a few, and more than there are. */
const [SOME, ALL] = [3, 1_000];
const isReady = (filter: KnownFilter) => filter.excludesTask("there is none");

describe("what is known of the tables without a look at them", () => {
  it("leaves out no taskhash and no output, of several methods and slices, nor what comes later", async () => {
    for (const method of ["", "m\0", "method 2"]) await fill(method, 1_300);
    const filter = new KnownFilter(db);
    told = filter;
    vi.advanceTimersByTime(SOME);
    expect(isReady(filter)).toBe(false);
    await fill("while it reads", 1_300);
    expect(isReady(filter)).toBe(false);
    vi.advanceTimersByTime(ALL);
    expect(isReady(filter)).toBe(true);
    await fill("later", 10);
    for (const method of ["", "m\0", "method 2", "while it reads", "later"]) {
      const count = method === "later" ? 10 : 1_300;
      expect(names(method, "t", count).filter((taskhash) => filter.excludesTask(taskhash))).toEqual([]);
      const outputs = names(method, "o", count).filter((outhash) => filter.excludesOutput(outhash));
      expect(outputs).toEqual(names(method, "o", count).filter((_, i) => i % 4 === 2));
      expect(filter.excludesOutput(`${method} p3`)).toBe(false);
      expect(filter.excludesOutput(`${method} p2`)).toBe(true);
    }
    filter.stop();
  });

  it("is nothing any more when there is too much of it", async () => {
    await fill("m", 100);
    const filter = new KnownFilter(db, 110);
    vi.advanceTimersByTime(ALL);
    expect(isReady(filter)).toBe(true);
    for (let i = 0; i < 20; i++) filter.add({ taskhash: `new t${i}`, outhash: `new o${i}` });
    expect(isReady(filter)).toBe(false);
    expect(filter.excludesOutput("there is none")).toBe(false);
    const large = new KnownFilter(db, 90);
    vi.advanceTimersByTime(ALL);
    expect(isReady(large)).toBe(false);
  });
});
