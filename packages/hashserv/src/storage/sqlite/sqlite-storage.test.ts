import { execFileSync } from "node:child_process";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDepId, sha256Hex } from "@depid/hash";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { reportOutHash } from "../../equivalence/report.ts";
import { StorageError } from "../../errors.ts";
import { describeStorage } from "../../testing/describe-storage.ts";
import { openSqliteStorage } from "./sqlite-storage.ts";

let directory: string;
let files = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
});
afterAll(() => rm(directory, { recursive: true }));
const newFile = () => join(directory, `${files++}.db`);

/** Runs SQL on a file from outside, as another program would. @returns the rows of the last query */
function query(path: string, sql: string): unknown[] {
  const db = new DatabaseSync(path, { timeout: 1000 });
  try {
    if (!/^(SELECT|PRAGMA|EXPLAIN)/.test(sql)) {
      db.exec(sql);
      return [];
    }
    return db
      .prepare(sql)
      .all()
      .map((row) => ({ ...(row as object) }));
  } finally {
    db.close();
  }
}

describeStorage("SQLite", async () => {
  const path = newFile();
  const open = () => openSqliteStorage(path);
  return { storage: await open(), other: await open(), away: () => moveAway(path), reopen: open };
});

/** @returns what moves it back */
async function moveAway(path: string): Promise<() => Promise<void>> {
  await rename(path, `${path}.away`);
  return () => rename(`${path}.away`, path);
}

const A = "a".repeat(64);
const depid = (text: string) => parseDepId(sha256Hex(text));
const report = (taskhash: string, outhash: string) => ({ method: "m", taskhash, outhash, depid: depid(taskhash) });

describe("the file", () => {
  it("has the reference's tables and indexes", async () => {
    const path = newFile();
    await (await openSqliteStorage(path)).close();
    const names = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name";
    expect(query(path, names).map((row) => (row as { name: string }).name)).toEqual([
      "config",
      "config_lookup",
      "depid_change",
      "depid_removal",
      "outhash_lookup_v3",
      "outhashes_v2",
      "taskhash_lookup_v4",
      "unihash_lookup_v1",
      "unihashes_v3",
      "users",
    ]);
    expect(query(path, "PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
    expect(query(path, "PRAGMA user_version")).toEqual([{ user_version: 0 }]);
  });

  it("may be empty, or have tables of others", async () => {
    const [empty, foreign] = [newFile(), newFile()];
    await writeFile(empty, "");
    query(foreign, "CREATE TABLE foreign_one (x); INSERT INTO foreign_one VALUES (1)");
    for (const path of [empty, foreign]) {
      const storage = await openSqliteStorage(path);
      expect(await reportOutHash(storage, report("t", "o"))).toBe(depid("t"));
      await storage.close();
    }
    expect(query(foreign, "SELECT x FROM foreign_one")).toEqual([{ x: 1 }]);
  });

  it("of an older server is brought up to date, rows keeping their ids", async () => {
    const path = newFile();
    query(
      path,
      `CREATE TABLE unihashes_v2 (id INTEGER PRIMARY KEY AUTOINCREMENT, method TEXT NOT NULL, taskhash TEXT NOT NULL,
         unihash TEXT NOT NULL, UNIQUE(method, taskhash));
       CREATE INDEX taskhash_lookup_v3 ON unihashes_v2 (method, taskhash);
       INSERT INTO unihashes_v2 VALUES (7, 'm', 't', '${A}')`,
    );
    const storage = await openSqliteStorage(path);
    expect(await storage.read.findDepIds([{ method: "m", taskhash: "t" }])).toEqual([A]);
    await storage.close();
    expect(query(path, "SELECT id, gc_mark FROM unihashes_v3")).toEqual([{ id: 7, gc_mark: "" }]);
    const left = "SELECT name FROM sqlite_master WHERE name IN ('unihashes_v2', 'taskhash_lookup_v3')";
    expect(query(path, left)).toEqual([]);
  });

  it("gives new rows the mark that is current in it", async () => {
    const path = newFile();
    const storage = await openSqliteStorage(path);
    query(path, "INSERT INTO config (name, value) VALUES ('gc-mark', 'X')");
    await reportOutHash(storage, report("t", "o"));
    expect(await storage.read.findOldestOfTask({ method: "m", taskhash: "t" })).toMatchObject({ mark: "X" });
    query(path, "UPDATE config SET value = NULL");
    await reportOutHash(storage, report("t2", "o"));
    expect(await storage.read.findOldestOfTask({ method: "m", taskhash: "t2" })).toMatchObject({ mark: "" });
    await storage.close();
  });

  it("is not written to by a depid that is none, which it may hold already", async () => {
    const path = newFile();
    await (await openSqliteStorage(path)).close();
    query(
      path,
      `INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES ('m', 'old', 'junk', '');
       INSERT INTO outhashes_v2 (method, taskhash, outhash, created) VALUES ('m', 'old', 'o', NULL)`,
    );
    const storage = await openSqliteStorage(path);
    await expect(reportOutHash(storage, report("t", "o"))).rejects.toThrow("Invalid unihash");
    expect(await storage.read.findDepIds([{ method: "m", taskhash: "t" }])).toEqual([undefined]);
    expect(await reportOutHash(storage, report("old", "o"))).toBe("junk");
    await storage.close();
    expect(query(path, "SELECT count(*) AS n FROM outhashes_v2")).toEqual([{ n: 2 }]);
  });

  it("says which row of an output is oldest by the text of its time, null first, then by its number", async () => {
    const path = newFile();
    await (await openSqliteStorage(path)).close();
    const rows = [
      ["t1", "'2001-02-02T00:00:00.000001+00:00'"],
      ["t2", "'2001-02-02T00:00:00+00:00'"],
      ["t3", "'2001-02-02 23:00:00.000000'"],
      ["t4", "NULL"],
      ["t5", "NULL"],
    ] as const;
    for (const [taskhash, created] of rows) {
      query(
        path,
        `INSERT INTO outhashes_v2 (method, taskhash, outhash, created) VALUES ('m', '${taskhash}', 'o', ${created})`,
      );
    }
    const storage = await openSqliteStorage(path);
    const order: string[] = [];
    for (const taskhash of ["t1", "t2", "t3", "t5", "t4"]) {
      await storage.transaction((tx) => tx.insertEquivalence({ method: "m", taskhash, depid: depid(taskhash) }));
      order.push((await storage.read.findOldestOfOutput("m", "o"))?.taskhash ?? "");
    }
    expect(order).toEqual(["t1", "t2", "t3", "t5", "t4"]);
    await storage.close();
  });

  it("finds the oldest row of an output through an index, whatever the number of rows, also in the reference's own file", async () => {
    const path = newFile();
    await (await openSqliteStorage(path)).close();
    query(path, "DROP INDEX outhash_lookup_v3; CREATE INDEX outhash_lookup_v3 ON outhashes_v2 (method, outhash)");
    await (await openSqliteStorage(path)).close();
    const plan = query(
      path,
      `EXPLAIN QUERY PLAN SELECT o.id FROM outhashes_v2 o CROSS JOIN unihashes_v3 u
       ON u.method = o.method AND u.taskhash = o.taskhash WHERE o.method = 'm' AND o.outhash = 'o'
       ORDER BY o.created, o.id LIMIT 1`,
    );
    const steps = plan.map((row) => (row as { detail: string }).detail);
    expect(steps[0]).toContain("outhash_lookup_v3 (method=? AND outhash=?)");
    expect(steps.join()).not.toContain("TEMP B-TREE");
  });

  it.each([
    ["is in a directory that is not there", () => join(directory, "no", "x.db")],
    [
      "is no database",
      async () => {
        const path = newFile();
        await writeFile(path, "not a database at all, but long enough to be looked at".repeat(20));
        return path;
      },
    ],
  ])("is named in the error when it %s", async (_what, make) => {
    const path = await make();
    await expect(openSqliteStorage(path)).rejects.toThrow(StorageError);
    await expect(openSqliteStorage(path)).rejects.toThrow(`cannot open the database ${path}: `);
  });
});

describe("a lock of another process", () => {
  it("holds up reports, not look-ups, and both go through in the end", async () => {
    const path = newFile();
    const storage = await openSqliteStorage(path);
    const foreign = new DatabaseSync(path);
    foreign.exec("BEGIN IMMEDIATE");
    let reported = false;
    const answer = reportOutHash(storage, report("t", "o")).then((depid) => {
      reported = true;
      return depid;
    });
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      expect(await storage.read.findDepIds([{ method: "m", taskhash: "t" }])).toEqual([undefined]);
    }
    expect(reported).toBe(false);
    foreign.exec("COMMIT");
    foreign.close();
    expect(await answer).toBe(depid("t"));
    await storage.close();
  });
});

describe("a lock that another process does not let go of", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("fails reports in the time in which the reference does, four of which BitBake's client waits for", async () => {
    const path = newFile();
    const storage = await openSqliteStorage(path);
    const foreign = new DatabaseSync(path);
    foreign.exec("BEGIN IMMEDIATE");
    vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
    const start = performance.now();
    const fails = expect(storage.recordReports([report("t", "o")])).rejects.toMatchObject({ code: "STORAGE_BUSY" });
    const failedAt = fails.then(() => performance.now() - start);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(await failedAt).toBeLessThan(5_500);
    vi.useRealTimers();
    foreign.exec("COMMIT");
    foreign.close();
    expect(await storage.recordReports([report("t", "o")])).toEqual([{ depid: depid("t"), joined: true }]);
    await storage.close();
  });
});

describe("reports that arrive together, many of them", () => {
  const many = (from: number) => Array.from({ length: 64 }, (_, i) => report(`t${from + i}`, `o${from + i}`));

  it("are recorded with times in the order in which they came", async () => {
    const path = newFile();
    const storage = await openSqliteStorage(path);
    const one = (i: number) => report(`single ${i}`, "o");
    await Promise.all([storage.recordReports(many(0)), storage.recordReports([one(1)])]);
    await storage.recordReports([one(2)]);
    await storage.recordReports(many(64));
    await storage.close();
    const times = query(path, "SELECT created FROM outhashes_v2 ORDER BY id") as { created: string }[];
    expect(times.length).toBe(130);
    expect(times.map(({ created }) => created)).toEqual(times.map(({ created }) => created).toSorted());
    expect(new Set(times.map(({ created }) => created)).size).toBe(130);
  });

  it("of which one cannot be recorded are recorded without it, and that one's reporter is told why", async () => {
    const path = newFile();
    const storage = await openSqliteStorage(path);
    query(
      path,
      `CREATE TRIGGER refuse BEFORE INSERT ON outhashes_v2 WHEN new.taskhash = 't70'
       BEGIN SELECT raise(ABORT, 'not this one'); END`,
    );
    const good = storage.recordReports(many(0));
    await expect(storage.recordReports(many(64))).rejects.toThrow("not this one");
    expect((await good).length).toBe(64);
    await storage.close();
    expect(query(path, "SELECT count(*) AS n FROM outhashes_v2")).toEqual([{ n: 64 }]);
  });
});

describe("another process", () => {
  /** Runs SQL on a file in a process of its own. */
  const runElsewhere = (path: string, sql: string) => {
    const driver = createRequire(import.meta.url).resolve("@photostructure/sqlite");
    const code = `const db = new (require(process.argv[1]).DatabaseSync)(process.argv[2]);
      db.exec(process.argv[3]); db.close();`;
    execFileSync(process.execPath, ["-e", code, driver, path, sql]);
  };

  it("that removes or adds rows is noticed by look-ups, which are answered from memory otherwise", async () => {
    const path = newFile();
    const storage = await openSqliteStorage(path);
    const key = { method: "m", taskhash: "t" };
    const find = async () => [await storage.read.findDepIds([key]), await storage.read.depIdsExist([depid("t"), A])];
    await reportOutHash(storage, report("t", "o"));
    for (let i = 0; i < 2; i++) expect(await find()).toEqual([[depid("t")], [true, false]]);
    runElsewhere(path, "DELETE FROM unihashes_v3");
    expect(await find()).toEqual([[undefined], [false, false]]);
    runElsewhere(path, `INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES ('m', 't', '${A}', '')`);
    for (let i = 0; i < 2; i++) expect(await find()).toEqual([[A], [false, true]]);
    await storage.transaction((rows) => rows.removeEquivalences({ depid: A }, { after: 0, limit: 10 }));
    expect(await find()).toEqual([[undefined], [false, false]]);
    await storage.close();
  });

  it("that changes a depid is noticed, and so is one on a file that does not count what goes away", async () => {
    const path = newFile();
    const storage = await openSqliteStorage(path);
    const key = { method: "m", taskhash: "t" };
    const find = async () => [await storage.read.findDepIds([key]), await storage.read.findDepIds([key])].flat();
    await reportOutHash(storage, report("t", "o"));
    expect(await find()).toEqual([depid("t"), depid("t")]);
    runElsewhere(path, `UPDATE unihashes_v3 SET unihash = '${A}'`);
    expect(await find()).toEqual([A, A]);
    runElsewhere(path, "DROP TRIGGER depid_removal");
    expect(await find()).toEqual([A, A]);
    runElsewhere(path, "DELETE FROM unihashes_v3");
    expect(await find()).toEqual([undefined, undefined]);
    await storage.close();
  });

  it("finds the index that is left empty as it was made, and ours is made of the reference's", async () => {
    const path = newFile();
    await (await openSqliteStorage(path)).close();
    runElsewhere(
      path,
      "DROP INDEX taskhash_lookup_v4; CREATE INDEX taskhash_lookup_v4 ON unihashes_v3 (method, taskhash)",
    );
    await (await openSqliteStorage(path)).close();
    const partial = "SELECT partial FROM pragma_index_list('unihashes_v3') WHERE name = 'taskhash_lookup_v4'";
    expect(query(path, partial)).toEqual([{ partial: 1 }]);
    runElsewhere(path, "CREATE INDEX IF NOT EXISTS taskhash_lookup_v4 ON unihashes_v3 (method, taskhash)");
    const plan = query(
      path,
      "EXPLAIN QUERY PLAN SELECT unihash FROM unihashes_v3 WHERE method = 'm' AND taskhash = 't'",
    );
    expect(JSON.stringify(plan)).toContain("SEARCH unihashes_v3 USING INDEX sqlite_autoindex_unihashes_v3_1");
  });
});
