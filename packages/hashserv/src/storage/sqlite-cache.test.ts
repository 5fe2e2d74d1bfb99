import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SqliteCache } from "./sqlite-cache.ts";
import { migrate } from "./sqlite-schema.ts";

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
