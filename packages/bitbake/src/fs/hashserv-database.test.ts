import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAll } from "../testing/rows.ts";
import { openHashservDatabase } from "./hashserv-database.ts";

const METHOD = "oe.sstatesig.OEOuthashBasic";
const TASKHASH = "fda9c4746949e0f3ed6e9c4f183041de07314cf9098fa233c1580a80983a7398";
const DEPID = "13a7ecbb62034010ea5fca9d8eaf75246610b4966473a743b9e30ea43e645629";
const OUTHASH = "3e6b50a14ad175cdad031b2e741269a54dcf64c2fe3b5e1afaac8d27de9d0aca";
const CREATED = "2026-11-21T11:58:56.132174+00:00";
const ID = "id INTEGER PRIMARY KEY AUTOINCREMENT";
const REPORTED = "created DATETIME, owner TEXT, PN TEXT, PV TEXT, PR TEXT, task TEXT, outhash_siginfo TEXT";
const V3 = `CREATE TABLE unihashes_v3 (${ID}, method TEXT, taskhash TEXT, unihash TEXT, gc_mark TEXT)`;
const V2 = `CREATE TABLE unihashes_v2 (${ID}, method TEXT, taskhash TEXT, unihash TEXT)`;
const OUT = `CREATE TABLE outhashes_v2 (${ID}, method TEXT, taskhash TEXT, outhash TEXT, ${REPORTED})`;
const TASKS = `CREATE TABLE tasks_v2 (${ID}, method TEXT, taskhash TEXT, outhash TEXT, unihash TEXT, ${REPORTED})`;

let folder: string;
let file: string;
let server: DatabaseSyncInstance;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-database-"));
  file = join(folder, "hash serv%?.db");
  server = new DatabaseSync(file);
});
afterEach(async () => {
  if (server.isOpen) server.close();
  await rm(folder, { recursive: true, force: true });
});

const addReport = (table: string, more = "") =>
  server.exec(
    `INSERT INTO ${table} (method, taskhash, outhash, created, PN, task, outhash_siginfo${more && ", unihash"})
     VALUES ('${METHOD}', '${TASKHASH}', '${OUTHASH}', '${CREATED}', 'minilib', 'do_populate_sysroot', 'text'${more})`,
  );

async function read() {
  const database = openHashservDatabase(file);
  try {
    const equivalences = (await readAll(database.equivalences())).rows;
    return { schema: database.schema, equivalences, outhashes: (await readAll(database.outhashes())).rows };
  } finally {
    database.close();
  }
}

const equivalence = { method: METHOD, taskhash: TASKHASH, depid: DEPID };
const report = {
  method: METHOD,
  taskhash: TASKHASH,
  outhash: OUTHASH,
  created: CREATED,
  owner: null,
  pn: "minilib",
  pv: null,
  pr: null,
  task: "do_populate_sysroot",
  siginfo: 4,
};

describe("the database of a hash equivalence server", () => {
  it("of today holds depids with marks, and reports", async () => {
    server.exec(`${V3}; ${OUT}; INSERT INTO unihashes_v3 VALUES (7, '${METHOD}', '${TASKHASH}', '${DEPID}', 'kept')`);
    addReport("outhashes_v2");
    expect(await read()).toEqual({
      schema: "unihashes_v3, outhashes_v2",
      equivalences: [{ ...equivalence, mark: "kept" }],
      outhashes: [report],
    });
  });

  it("of older releases holds no marks", async () => {
    server.exec(`${V2}; ${OUT}; INSERT INTO unihashes_v2 VALUES (1, '${METHOD}', '${TASKHASH}', '${DEPID}')`);
    expect(await read()).toMatchObject({
      schema: "unihashes_v2, outhashes_v2",
      equivalences: [{ ...equivalence, mark: null }],
      outhashes: [],
    });
  });

  it("of the oldest releases holds both in one table", async () => {
    server.exec(TASKS);
    addReport("tasks_v2", `, '${DEPID}'`);
    expect(await read()).toEqual({
      schema: "tasks_v2",
      equivalences: [{ ...equivalence, mark: null }],
      outhashes: [report],
    });
  });

  it("is read while a server writes: each row once, also those that come meanwhile", async () => {
    server.exec(`PRAGMA journal_mode = WAL; ${V3}; ${OUT}`);
    const add = server.prepare(
      "INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES ('m', ?, 'u', '')",
    );
    server.exec("BEGIN");
    for (let i = 0; i < 5000; i += 1) add.run(String(i));
    server.exec("COMMIT; BEGIN");
    add.run("not committed yet");
    const database = openHashservDatabase(file);
    const found: string[] = [];
    for await (const { taskhash } of database.equivalences().rows) {
      found.push(taskhash);
      if (found.length === 1) server.exec("COMMIT");
    }
    database.close();
    expect(found).toEqual([...Array.from({ length: 5000 }, (_, i) => String(i)), "not committed yet"]);
  });

  it("gets no files beside it when no server has it open", async () => {
    server.exec(`${V3}; ${OUT}`);
    server.close();
    const before = await readdir(folder);
    await read();
    expect(await readdir(folder)).toEqual(before);
  });

  it("is not read on when a server begins to write it unseen", async () => {
    server.exec(`${V3}; ${OUT}; INSERT INTO unihashes_v3 VALUES (1, 'm', 't', 'u', '')`);
    const database = openHashservDatabase(file);
    const { rows } = database.equivalences();
    server.exec("PRAGMA journal_mode = WAL; INSERT INTO unihashes_v3 VALUES (2, 'm', 't2', 'u', '')");
    await expect(readAll({ ...database.equivalences(), rows })).rejects.toThrow("began to write while it was read");
    database.close();
  });

  it("gives texts, whatever a row holds", async () => {
    server.exec(`${V3}; ${OUT}; INSERT INTO unihashes_v3 VALUES (-5, 1, x'6162', NULL, 2.5)`);
    expect((await read()).equivalences).toEqual([{ method: "1", taskhash: "ab", depid: "", mark: "2.5" }]);
  });

  it.each([
    ["no table", "", /expected a hash equivalence server's tables .*, found no table$/],
    ["other tables", "CREATE TABLE a (b); CREATE TABLE c (d)", /found "a, c"$/],
    ["one of two tables", V3, /found "unihashes_v3"$/],
    ["a view in place of a table", `CREATE VIEW unihashes_v3 AS SELECT 1; ${OUT}`, /found "outhashes_v2"$/],
    [
      "a table without a column",
      `${V3.replace("gc_mark", "x")}; ${OUT}`,
      /expected a column gc_mark in the table unihashes_v3/,
    ],
  ])("with %s is refused in one line", async (_what, sql, message) => {
    server.exec(`CREATE TABLE x (y); DROP TABLE x; ${sql}`);
    server.close();
    expect(() => openHashservDatabase(file)).toThrow(message);
  });

  it.each([
    ["another file", "just some text, longer than a header", "expected an SQLite database, found another file"],
    ["an empty file", "", "expected an SQLite database, found another file"],
    ["a broken database", `SQLite format 3\0${"x".repeat(5000)}`, "cannot be read by SQLite: file is not a database"],
  ])("is not %s", async (_what, content, message) => {
    server.close();
    await writeFile(file, content);
    expect(() => openHashservDatabase(file)).toThrow(`${file}: ${message}`);
  });

  it("is no directory, and not missing", () => {
    expect(() => openHashservDatabase(folder)).toThrow("cannot be read: expected a file, found a directory");
    expect(() => openHashservDatabase(`${file}.no`)).toThrow("cannot be read: no such file or directory");
  });
});
