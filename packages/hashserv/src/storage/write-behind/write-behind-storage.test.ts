import { EventEmitter, once } from "node:events";
import { appendFile, mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseDepId, sha256Hex } from "@depid/hash";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createClock } from "../../clock.ts";
import { StorageError } from "../../errors.ts";
import { describeStorage } from "../../testing/describe-storage.ts";
import { ReportJournal } from "../sqlite/journal.ts";
import { formatJournalled } from "../sqlite/journalled-report.ts";
import { openSqliteStorage } from "../sqlite/sqlite-storage.ts";
import type { StorageTransaction } from "../storage.ts";
import { openWriteBehindStorage } from "./open.ts";

let directory: string;
let files = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
});
afterAll(() => rm(directory, { recursive: true }));
const newFile = () => join(directory, `${files++}.db`);

describeStorage("SQLite, written behind,", async () => {
  const path = newFile();
  const storage = await openWriteBehindStorage(path);
  const away = async () => {
    await rename(path, `${path}.away`);
    return () => rename(`${path}.away`, path);
  };
  return { storage, other: storage, away, reopen: () => openWriteBehindStorage(path) };
});

const depid = (text: string) => parseDepId(sha256Hex(text));
const report = (taskhash: string, outhash: string) => ({ method: "m", taskhash, outhash, depid: depid(taskhash) });
const key = (taskhash: string) => ({ method: "m", taskhash });

/** Does something with a file from outside, as another program would. */
function withFile<T>(path: string, work: (db: InstanceType<typeof DatabaseSync>) => T): T {
  const db = new DatabaseSync(path, { timeout: 1000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}
const rowsIn = (path: string) =>
  withFile(path, (db) =>
    db
      .prepare("SELECT taskhash, unihash FROM unihashes_v3 ORDER BY id")
      .all()
      .map((row) => Object.values(row as object)),
  );
const insert = (db: InstanceType<typeof DatabaseSync>, taskhash: string, outhash: string, unihash?: string) => {
  db.prepare("INSERT INTO outhashes_v2 (method, taskhash, outhash, created) VALUES ('m', ?, ?, '2020')").run(
    taskhash,
    outhash,
  );
  if (unihash === undefined) return;
  db.prepare("INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES ('m', ?, ?, '')").run(
    taskhash,
    unihash,
  );
};
/** From here on time goes on when the test says so. */
const stopClock = () => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
afterEach(() => void vi.useRealTimers());
/** Time in which what is there is read, with a stopped clock. */
const settle = () => vi.advanceTimersByTimeAsync(100);

describe("reports that are written behind", () => {
  it("are answered, looked up and joined before they are in the file, and are in it when it is closed", async () => {
    const path = newFile();
    const storage = await openWriteBehindStorage(path);
    expect(await storage.recordReports([report("t1", "o")])).toEqual([{ depid: depid("t1"), joined: true }]);
    expect(await storage.recordReports([report("t2", "o")])).toEqual([{ depid: depid("t1"), joined: true }]);
    expect(rowsIn(path)).toEqual([]);
    expect(storage.read.findDepIds([key("t2"), key("t3")])).toEqual([depid("t1"), undefined]);
    expect(storage.read.depIdsExist([depid("t1"), depid("t2")])).toEqual([true, false]);
    await storage.close();
    expect(rowsIn(path)).toEqual([
      ["t1", depid("t1")],
      ["t2", depid("t1")],
    ]);
    expect((await readdir(directory)).filter((name) => name.startsWith(`${basename(path)}-reports`))).toEqual([]);
  });

  it("are in the file before long, also while more of them come", async () => {
    const path = newFile();
    const storage = await openWriteBehindStorage(path);
    await storage.recordReports([report("first", "o")]);
    for (let i = 0; rowsIn(path).length === 0; i++) await storage.recordReports([report(`t${i}`, `o${i}`)]);
    await storage.close();
    expect(rowsIn(path)[0]).toEqual(["first", depid("first")]);
  });

  it("are in the file as soon as somebody asks for more than a depid", async () => {
    const path = newFile();
    const storage = await openWriteBehindStorage(path);
    await storage.recordReports([report("t1", "o")]);
    expect(await storage.read.findOldestOfTask(key("other"))).toBeUndefined();
    expect(rowsIn(path)).toEqual([]);
    expect(await storage.read.findOldestOfOutput("m", "o")).toMatchObject({ taskhash: "t1", mark: "" });
    expect(rowsIn(path).length).toBe(1);
    await storage.close();
  });

  it("are joined to what the file had before", async () => {
    stopClock();
    const path = newFile();
    await (await openSqliteStorage(path)).close();
    withFile(path, (db) => insert(db, "old", "o", depid("x")));
    const storage = await openWriteBehindStorage(path);
    for (const when of ["at once", "later"]) {
      expect(await storage.recordReports([report(`new ${when}`, "o")])).toEqual([{ depid: depid("x"), joined: true }]);
      expect(await storage.recordReports([report("old", `other ${when}`)])).toEqual([
        { depid: depid("x"), joined: true },
      ]);
      await settle();
    }
    await storage.close();
  });

  it("do not make us take our own changes for somebody else's, nor miss a depid declared among them", async () => {
    stopClock();
    const said: string[] = [];
    const storage = await openWriteBehindStorage(newFile(), { log: (_level, text) => said.push(text) });
    await settle();
    const all = Array.from({ length: 200 }, async (_, i) => {
      await storage.recordReports([report(`t${i}`, `o${i}`)]);
      const declared = storage.transaction((rows) => rows.insertEquivalence({ ...key(`d${i}`), depid: depid("x") }));
      const written = i % 10 === 0 ? storage.read.countRows() : undefined;
      await declared;
      expect(await storage.recordReports([report(`d${i}`, `p${i}`)])).toEqual([{ depid: depid("x"), joined: true }]);
      await written;
    });
    await Promise.all(all);
    await storage.close();
    expect(said).toEqual([]);
  });

  it("are joined to what somebody else adds to the file meanwhile", async () => {
    stopClock();
    const path = newFile();
    const said: string[] = [];
    const storage = await openWriteBehindStorage(path, { log: (level, text) => said.push(`${level}: ${text}`) });
    for (let round = 0; round < 3; round++) {
      await settle();
      expect(said.length).toBe(round === 0 ? 0 : 1);
      await storage.recordReports([report(`before ${round}`, `before ${round}`)]);
      withFile(path, (db) => {
        for (let i = 0; i < 1200; i++) insert(db, `t${round} ${i}`, `o${round} ${i}`, depid("x"));
      });
      const outcomes = await storage.recordReports([report("new", `o${round} 0`), report("new 2", `o${round} 1199`)]);
      expect(outcomes.map((one) => one.depid)).toEqual([depid("x"), depid("x")]);
    }
    expect(said).toEqual([expect.stringContaining(`WARNING: another program writes to ${path}`)]);
    await storage.close();
  });

  it("are joined to what somebody else has added before they were put into the file", async () => {
    stopClock();
    const path = newFile();
    const storage = await openWriteBehindStorage(path);
    await settle();
    await storage.recordReports([report("t", "o")]);
    withFile(path, (db) => insert(db, "foreign", "o2", depid("x")));
    await storage.read.countRows();
    expect(await storage.recordReports([report("new", "o2")])).toEqual([{ depid: depid("x"), joined: true }]);
    await storage.close();
  });

  it("are not joined to what was removed, by a client or by somebody else", async () => {
    stopClock();
    const path = newFile();
    const storage = await openWriteBehindStorage(path);
    await storage.recordReports([report("t1", "o")]);
    await storage.read.countRows();
    await settle();
    expect(await storage.recordReports([report("t2", "o")])).toEqual([{ depid: depid("t1"), joined: true }]);
    const remove = (rows: StorageTransaction) => rows.removeEquivalences({ method: "m" }, { after: 0, limit: 10 });
    expect(await storage.transaction(remove)).toMatchObject({ count: 2 });
    expect(await storage.recordReports([report("t3", "o")])).toEqual([{ depid: depid("t3"), joined: true }]);
    expect(await storage.recordReports([report("t4", "o")])).toEqual([{ depid: depid("t3"), joined: true }]);
    await storage.read.countRows();
    expect(await storage.recordReports([report("t5", "o")])).toEqual([{ depid: depid("t3"), joined: true }]);
    await storage.read.countRows();
    expect(await storage.recordReports([report("t6", "o")])).toEqual([{ depid: depid("t3"), joined: true }]);
    await storage.read.countRows();
    withFile(path, (db) => db.exec("DELETE FROM unihashes_v3"));
    expect(await storage.recordReports([report("t7", "o")])).toEqual([{ depid: depid("t7"), joined: true }]);
    await storage.close();
  });

  it("give a depid to outputs that have none, as those of a swept taskhash", async () => {
    stopClock();
    const path = newFile();
    await (await openSqliteStorage(path)).close();
    withFile(path, (db) => insert(db, "swept", "o1"));
    const storage = await openWriteBehindStorage(path);
    await settle();
    await storage.recordReports([report("swept", "o2")]);
    expect(await storage.recordReports([report("t", "o1")])).toEqual([{ depid: depid("swept"), joined: true }]);
    await storage.close();
  });

  it("that are repeated are not written again", async () => {
    const path = newFile();
    const storage = await openWriteBehindStorage(path);
    await storage.recordReports([report("t", "o")]);
    await storage.read.countRows();
    await storage.recordReports([report("t", "o")]);
    expect(await readdir(directory)).not.toContain(`${basename(path)}-reports.2`);
    await storage.recordReports([report("t", "o2")]);
    expect(await readdir(directory)).toContain(`${basename(path)}-reports.2`);
    await storage.close();
  });

  it("that the file does not take stay safe, and who asks for more is told why", async () => {
    const path = newFile();
    const said = new EventEmitter();
    const storage = await openWriteBehindStorage(path, { log: (level, text) => void said.emit(level, text) });
    const kept = once(said, "ERROR");
    const refuse = "CREATE TRIGGER refuse BEFORE INSERT ON outhashes_v2 BEGIN SELECT raise(ABORT, 'not now'); END";
    withFile(path, (db) => db.exec(refuse));
    await storage.recordReports([report("t", "o")]);
    await expect(storage.read.countRows()).rejects.toThrow("not now");
    await expect(storage.transaction(async (rows) => rows.setMark("x"))).rejects.toThrow("not now");
    expect(await storage.recordReports([report("t2", "o")])).toEqual([{ depid: depid("t"), joined: true }]);
    expect(await kept).toEqual([expect.stringContaining("reports stay in the journal")]);
    await expect(storage.close()).rejects.toThrow("not now");
    withFile(path, (db) => db.exec("DROP TRIGGER refuse"));
    await (await openSqliteStorage(path)).close();
    expect(rowsIn(path)).toEqual([
      ["t", depid("t")],
      ["t2", depid("t")],
    ]);
  });
});

describe("a journal that cannot be written", () => {
  it("has reports refused, of which nothing is kept, and nothing else", async () => {
    const path = newFile();
    const storage = await openWriteBehindStorage(path);
    // Somebody else's file where the first segment is to be.
    await writeFile(`${path}-reports.1`, "");
    await expect(storage.recordReports([report("t1", "o")])).rejects.toThrow("EEXIST");
    expect(await storage.read.findDepIds([key("t1")])).toEqual([undefined]);
    await rm(`${path}-reports.1`);
    expect(await storage.recordReports([report("t2", "o")])).toEqual([{ depid: depid("t2"), joined: true }]);
    await storage.close();
    expect(rowsIn(path)).toEqual([["t2", depid("t2")]]);
  });
});

describe("reports that another process keeps out of the file with its lock", () => {
  it("are answered, and in the file when it is opened after a server that ended before the lock did", async () => {
    const path = newFile();
    const storage = await openWriteBehindStorage(path);
    const foreign = new DatabaseSync(path);
    foreign.exec("BEGIN IMMEDIATE");
    const reports = Array.from({ length: 200 }, (_, i) => report(`t${i}`, `o${i}`));
    const outcomes = await storage.recordReports(reports);
    await expect(storage.close()).rejects.toThrow("the database is locked by another process");
    foreign.exec("ROLLBACK");
    foreign.close();
    expect(rowsIn(path)).toEqual([]);
    await (await openSqliteStorage(path)).close();
    expect(rowsIn(path)).toEqual(outcomes.map(({ depid }, i) => [`t${i}`, depid]));
    expect((await readdir(directory)).filter((name) => name.startsWith(`${basename(path)}-reports`))).toEqual([]);
  });
});

describe("what a process that was killed has left in its journal", () => {
  /** A file, and a journal beside it. */
  async function leave() {
    const path = newFile();
    await (await openSqliteStorage(path)).close();
    const journal = new ReportJournal(path, "normal");
    const details = { owner: "me\0", PN: "p", PV: null, PR: null, task: null, outhashSiginfo: "ü\n" };
    const created = createClock()();
    journal.append(
      formatJournalled([{ method: "m", taskhash: "t", outhash: "o", created, depid: depid("answered"), details }]),
    );
    journal.close();
    return { path, details, created };
  }

  it.each([
    ["by a server that writes at once", openSqliteStorage],
    ["by one that writes behind", openWriteBehindStorage],
  ])("is put into the file %s", async (_who, open) => {
    const { path, details, created } = await leave();
    const storage = await open(path);
    expect(await storage.read.findDepIds([key("t")])).toEqual([depid("answered")]);
    expect(await storage.read.findOldestRecord("m", "o")).toMatchObject({ taskhash: "t", created, details });
    await storage.close();
    expect((await readdir(directory)).filter((name) => name.startsWith(`${basename(path)}-reports`))).toEqual([]);
  });

  it("is said when it is damaged", async () => {
    const { path } = await leave();
    await appendFile(`${path}-reports.1`, "00000000no\n");
    const said: string[] = [];
    await (await openSqliteStorage(path, { log: (level, text) => said.push(`${level}: ${text}`) })).close();
    expect(said).toEqual([expect.stringContaining(`ERROR: 1 of 2 lines of the journal ${path}-reports.1 are damaged`)]);
    expect(rowsIn(path)).toEqual([["t", depid("answered")]]);
  });

  it("is not overlooked by one that only reads", async () => {
    const { path } = await leave();
    await expect(openSqliteStorage(path, { readOnly: true })).rejects.toThrow("left answered reports in its journal");
    const storage = await openWriteBehindStorage(path);
    await storage.recordReports([report("t2", "o")]);
    await (await openSqliteStorage(path, { readOnly: true })).close();
    await storage.close();
    await (await openSqliteStorage(path, { readOnly: true })).close();
  });

  it("changes nothing that is there already", async () => {
    const { path } = await leave();
    withFile(path, (db) => insert(db, "t", "o", depid("first")));
    await (await openSqliteStorage(path)).close();
    expect(rowsIn(path)).toEqual([["t", depid("first")]]);
  });
});

describe("a file that is written behind", () => {
  it("has no second server, which is told why", async () => {
    const path = newFile();
    const storage = await openWriteBehindStorage(path);
    for (const open of [openSqliteStorage, openWriteBehindStorage]) {
      await expect(open(path)).rejects.toThrow(StorageError);
      await expect(open(path)).rejects.toThrow("another server");
    }
    await storage.recordReports([report("t", "o")]);
    await storage.close();
    expect(rowsIn(path).length).toBe(1);
  });

  it("is not opened while another server writes to it at once, by whatever link", async () => {
    const path = newFile();
    const link = newFile();
    await symlink(path, link);
    const [first, second] = [await openSqliteStorage(path), await openSqliteStorage(link)];
    for (const name of [path, link]) await expect(openWriteBehindStorage(name)).rejects.toThrow("another server");
    await first.close();
    await expect(openWriteBehindStorage(path)).rejects.toThrow("another server");
    await second.close();
    const storage = await openWriteBehindStorage(link);
    for (const open of [openSqliteStorage, openWriteBehindStorage]) {
      await expect(open(path)).rejects.toThrow("another server");
    }
    await storage.close();
    expect((await readdir(directory)).filter((name) => name.startsWith(`${basename(path)}-reports`))).toEqual([]);
  });
});
