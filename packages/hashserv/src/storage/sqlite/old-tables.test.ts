import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStorage } from "./sqlite-storage.ts";

const [A, B, MD5, SHA1] = ["a".repeat(64), "b".repeat(64), "c".repeat(32), "d".repeat(40)];

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hashserv-"));
  path = join(folder, "x.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

function query(sql: string): unknown[] {
  const db = new DatabaseSync(path);
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

/** A table as the server of 2019, or of BitBake 1.44 on, made it. */
function create(table: string, rows: readonly (readonly [string, string, string, string, string])[]): void {
  const db = new DatabaseSync(path);
  db.exec(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY AUTOINCREMENT, method TEXT NOT NULL, outhash TEXT NOT NULL,
    taskhash TEXT NOT NULL, unihash TEXT NOT NULL, created DATETIME, owner TEXT, PN TEXT, PV TEXT, PR TEXT, task TEXT,
    outhash_siginfo TEXT)`);
  const insert = db.prepare(
    `INSERT INTO ${table} (method, taskhash, outhash, unihash, created, PN) VALUES (?, ?, ?, ?, ?, 'zlib')`,
  );
  for (const row of rows) insert.run(...row);
  db.close();
}

async function open() {
  const said: string[] = [];
  const storage = await openSqliteStorage(path, { log: (level, text) => said.push(`${level}: ${text}`) });
  return { storage, said };
}

describe.each(["tasks_v1", "tasks_v2"])("rows of the old table %s", (table) => {
  it("are carried into those of today, the oldest of a taskhash first, and that is told once", async () => {
    create(table, [
      ["m", "t1", "o1", A, "2019-08-01 12:00:00.000002"],
      ["m", "t2", "o1", A, "2019-08-01 12:00:00.000003"],
      ["m", "t2", "o2", B, "2019-08-01 12:00:00.000001"],
      ["n", "t1", "o1", B, "2019-08-01 12:00:00.000004"],
    ]);
    const { storage, said } = await open();
    const keys = [
      { method: "m", taskhash: "t1" },
      { method: "m", taskhash: "t2" },
      { method: "n", taskhash: "t1" },
    ];
    expect(await storage.read.findDepIds(keys)).toEqual([A, B, B]);
    expect(await storage.read.findOldestOfOutput("m", "o1")).toMatchObject({
      taskhash: "t1",
      depid: A,
      mark: "",
      created: "2019-08-01 12:00:00.000002",
      details: { PN: "zlib", PV: null },
    });
    await storage.close();
    expect(said).toEqual([
      `WARNING: ${path}: 3 equivalences and 4 outputs of the old table ${table} were carried into those of today`,
    ]);
    expect(query("SELECT name FROM sqlite_master WHERE name LIKE 'tasks%'")).toEqual([]);
    const again = await open();
    await again.storage.close();
    expect(again.said).toEqual([]);
  });

  it("stay there if their depid is none of today's, and are counted; what is known already stays as it is", async () => {
    await (await open()).storage.close();
    query(`INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES ('m', 't1', '${B}', 'x')`);
    create(table, [
      ["m", "t1", "o1", A, "2019-08-01 12:00:00"],
      ["m", "t2", "o2", MD5, "2019-08-01 12:00:00"],
      ["m", "t3", "o3", SHA1, "2019-08-01 12:00:00"],
    ]);
    const { storage, said } = await open();
    const keys = ["t1", "t2", "t3"].map((taskhash) => ({ method: "m", taskhash }));
    expect(await storage.read.findDepIds(keys)).toEqual([B, undefined, undefined]);
    await storage.close();
    expect(said).toEqual([
      `WARNING: ${path}: 0 equivalences and 1 outputs of the old table ${table} were carried into those of today; ` +
        "2 rows stay there, as their unihash is none of today's (64 hex digits)",
    ]);
    expect(query(`SELECT unihash FROM ${table} ORDER BY id`)).toEqual([{ unihash: MD5 }, { unihash: SHA1 }]);
  });
});
