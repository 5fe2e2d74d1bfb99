import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { affordableRows, SqliteCache } from "./cache.ts";
import { migrate } from "./schema.ts";

let directory: string;
let files = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-cache-"));
});
afterAll(() => rm(directory, { recursive: true }));

const [A, B] = ["a".repeat(64), "b".repeat(64)];
const row = { method: "m", taskhash: A, depid: B };
const ADD = `INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES ('m', hex(randomblob(32)), '${B}', '')`;

it.each([
  ["rows are added", ADD, B],
  ["rows are marked", "UPDATE unihashes_v3 SET gc_mark = 'keep'", B],
  ["a row goes away", "DELETE FROM unihashes_v3 WHERE id = 1", undefined],
  ["all rows go away", "DELETE FROM unihashes_v3", undefined],
  ["a depid changes", `UPDATE unihashes_v3 SET unihash = '${A}'`, undefined],
  ["the file ceases to count what goes away", "DROP TRIGGER depid_change", undefined],
])("when %s on another connection, what was found before is remembered or forgotten", async (_what, sql, found) => {
  const path = join(directory, `${files++}.db`);
  const [db, other] = [new DatabaseSync(path), new DatabaseSync(path)];
  db.exec("PRAGMA journal_mode = WAL");
  migrate(db);
  db.exec(ADD);
  const cache = new SqliteCache(db);
  cache.check();
  cache.add(row);
  await Promise.resolve();
  other.exec(sql);
  cache.check();
  expect(cache.find(row)).toBe(found);
  for (const each of [db, other]) each.close();
});

it("a cache that is full forgets all, and says so", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db);
  const cache = new SqliteCache(db, 32);
  const rowOf = (i: number) => ({ ...row, taskhash: i.toString(16).padStart(64, "0") });
  for (let i = 0; i < 32; i++) {
    expect([cache.filled, cache.timesForgotten]).toEqual([i >= 30, 0]);
    cache.add(rowOf(i));
  }
  cache.add(rowOf(32));
  expect([cache.filled, cache.timesForgotten, cache.find(rowOf(31)), cache.find(rowOf(32))]).toEqual([
    false,
    1,
    undefined,
    B,
  ]);
  db.close();
});

it.each([
  ["a small container", 256e6, 160_000],
  ["a small machine", 2e9, 1_200_000],
  ["a large one", 16e9, 10_000_000],
])("%s keeps rows in no more than a sixteenth of its memory", (_name, bytes, rows) => {
  expect(affordableRows(bytes)).toBeGreaterThan(rows);
  expect(affordableRows(bytes) * 97).toBeLessThanOrEqual(bytes / 16);
});

it("no memory is too large", () => {
  expect(affordableRows(1e15)).toBe(2 ** 24 - 1);
});
