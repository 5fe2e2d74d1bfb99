import { randomBytes } from "node:crypto";
import {
  copyFile,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  stat,
  truncate,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { parseDepId, sha256Hex } from "@depid/hash";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isLost, StorageError } from "../../errors.ts";
import { ReportJournal } from "../sqlite/journal.ts";
import { openSqliteStorage } from "../sqlite/sqlite-storage.ts";
import type { Storage } from "../storage.ts";
import { openWriteBehindStorage } from "./open.ts";

let directory: string;
let files = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
});
afterAll(() => rm(directory, { recursive: true }));

const depid = (taskhash: string) => parseDepId(sha256Hex(taskhash));
const reports = (name: string, count = 1) =>
  Array.from({ length: count }, (_, i) => ({
    method: "m",
    taskhash: `${name} ${i}`,
    outhash: `o ${name} ${i}`,
    depid: depid(`${name} ${i}`),
  }));
const find = (storage: Storage, name: string, count = 1) =>
  storage.read.findDepIds(reports(name, count).map(({ method, taskhash }) => ({ method, taskhash })));
const depids = (name: string, count = 1) => reports(name, count).map((one) => one.depid);

/** What somebody does to the files of a database, and what is said of it. */
const GONE: Readonly<Record<string, (path: string) => Promise<void>>> = {
  "was deleted": (path) => unlink(path),
  "was moved away": (path) => rename(path, `${path}.old`),
  "was replaced by a copy of it": async (path) => {
    await copyFile(path, `${path}.new`);
    await rename(`${path}.new`, path);
  },
  "was replaced by an empty one": async (path) => {
    await writeFile(`${path}.new`, "");
    await rename(`${path}.new`, path);
  },
};
const LOG_GONE: typeof GONE = {
  "was deleted": (path) => unlink(`${path}-wal`),
  "was deleted but for the log itself": (path) => unlink(`${path}-shm`),
};
const DAMAGE: typeof GONE = {
  "was cut": (path) => truncate(path, 8192),
  "was overwritten in its second half": async (path) => {
    const { size } = await stat(path);
    const file = await open(path, "r+");
    await file.write(randomBytes(size / 2), 0, Math.floor(size / 2), Math.floor(size / 2));
    await file.close();
  },
  "was overwritten by text": async (path) => {
    const { size } = await stat(path);
    const file = await open(path, "r+");
    await file.write("not a database ".repeat(size / 15));
    await file.close();
  },
};

const DAMAGED = /is damaged \((.*(malformed|not a database)|it was written to, and not by SQLite)/;

/** Has what is in the log moved to the file, as a server under load does every few seconds. */
function moveToFile(path: string): void {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}

/** SQLite then reads nothing from the file itself. @returns who has put it there */
function putAllIntoLog(path: string): DatabaseSyncInstance {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA wal_autocheckpoint = 0; VACUUM");
  return db;
}

function createGate() {
  let resolve = () => {};
  const promise = new Promise<void>((pass) => {
    resolve = pass;
  });
  return { promise, resolve };
}

const MODES = [
  { mode: "the default", openStorage: (path: string) => openSqliteStorage(path) },
  { mode: "written behind", openStorage: (path: string) => openWriteBehindStorage(path) },
];

describe.each(MODES)("of an open database, $mode,", ({ openStorage }) => {
  /** A database with a row or some that are in the tables. */
  async function openFilled(count = 1) {
    const path = join(directory, `${files++}.db`);
    const filled = await openStorage(path);
    await filled.recordReports(reports("before", count));
    await filled.close();
    const storage = await openStorage(path);
    await storage.recordReports(reports("pending"));
    return { path, storage };
  }

  async function expectRefusal(storage: Storage, reason: RegExp) {
    await expect(storage.check()).rejects.toThrow(reason);
    const refused = storage.recordReports(reports("after"));
    await expect(refused).rejects.toThrow(StorageError);
    await expect(refused).rejects.toThrow(reason);
    // Whoever was refused is not run again with a commit of its own.
    await expect(refused.catch(isLost)).resolves.toBe(true);
    const declared = storage.transaction((rows) => rows.insertEquivalence({ method: "m", taskhash: "x", depid: "u" }));
    await expect(declared).rejects.toThrow(reason);
  }

  it.each(Object.entries(GONE))("a file that %s is noticed, and reports are refused", async (_what, harm) => {
    const { path, storage } = await openFilled();
    await harm(path);
    await expectRefusal(storage, /has no file any more: the file was (deleted or moved away|replaced by another)/);
    // What was answered is known as long as the server is there.
    expect(await find(storage, "pending")).toEqual(depids("pending"));
    await storage.close().catch((error) => expect(error).toBeInstanceOf(StorageError));
  });

  it.each(Object.entries(LOG_GONE))("a log that %s is noticed, and reports are refused", async (_what, harm) => {
    const { path, storage } = await openFilled();
    await harm(path);
    await expectRefusal(
      storage,
      /has no write-ahead log any more: the file with -(wal|shm) behind its name was deleted/,
    );
    expect(await find(storage, "pending")).toEqual(depids("pending"));
    await storage.close().catch((error) => expect(error).toBeInstanceOf(StorageError));
  });

  it("a file that was moved away and is back is taken as it is", async () => {
    const { path, storage } = await openFilled();
    await rename(path, `${path}.old`);
    await expectRefusal(storage, /was deleted or moved away/);
    await rename(`${path}.old`, path);
    await storage.check();
    expect(await storage.recordReports(reports("after"))).toMatchObject([{ joined: true }]);
    await storage.close();
    const next = await openStorage(path);
    expect(await find(next, "pending")).toEqual(depids("pending"));
    expect(await find(next, "after")).toEqual(depids("after"));
    await next.close();
  });

  it.each(Object.entries(DAMAGE))("a file that %s is noticed, and reports are refused", async (_what, harm) => {
    const { path, storage } = await openFilled(600);
    moveToFile(path);
    await harm(path);
    await expectRefusal(storage, DAMAGED);
    await storage.close().catch((error) => expect(error).toBeInstanceOf(Error));
  });

  it.each(Object.entries(DAMAGE))("a file that %s is noticed though all of it is in the log", async (_what, harm) => {
    const { path, storage } = await openFilled(600);
    moveToFile(path);
    const other = putAllIntoLog(path);
    await storage.check();
    await harm(path);
    await expectRefusal(storage, DAMAGED);
    expect(await find(storage, "before", 600)).toEqual(depids("before", 600));
    other.close();
    await storage.close().catch((error) => expect(error).toBeInstanceOf(Error));
  });

  it("a file whose time alone is another is well", async () => {
    const { path, storage } = await openFilled(600);
    await utimes(path, 1, 1);
    await storage.check();
    expect(await storage.recordReports(reports("after"))).toMatchObject([{ joined: true }]);
    await storage.close();
  });

  it("a file that somebody else writes to, as SQLite does, is well", async () => {
    const { path, storage } = await openFilled(600);
    const other = new DatabaseSync(path);
    for (let i = 0; i < 20; i++) {
      await storage.recordReports(reports(`more ${i}`, 50));
      other.exec(`DELETE FROM outhashes_v2 WHERE taskhash = 'before ${i}'; PRAGMA wal_checkpoint(PASSIVE)`);
      await storage.check();
    }
    other.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    other.close();
    await storage.check();
    await storage.close();
  });
});

describe("of an open database that is written behind", () => {
  it("a file that is overwritten is noticed while reports are on their way into it", async () => {
    const path = join(directory, `${files++}.db`);
    const { promise: held, resolve: letGo } = createGate();
    const storage = await openWriteBehindStorage(path, undefined, {
      openJournal: (...told) => new ReportJournal(...told),
      createRecorder: () => ({ ask: () => held, close: () => held }),
    });
    await storage.recordReports(reports("pending"));
    const waits = storage.transaction(() => {});
    await setImmediate();
    await DAMAGE["was overwritten by text"]?.(path);
    await expect(storage.check()).rejects.toThrow(DAMAGED);
    letGo();
    await expect(waits).rejects.toThrow(DAMAGED);
    await storage.close().catch((error) => expect(error).toBeInstanceOf(Error));
  });

  it("what was answered stays in the journal when the file is gone, and is put into the next one", async () => {
    const path = join(directory, `${files++}.db`);
    const storage = await openWriteBehindStorage(path);
    await storage.recordReports(reports("pending", 100));
    for (const name of await readdir(directory))
      if (join(directory, name).startsWith(path) && !name.includes("-reports")) await unlink(join(directory, name));
    await expect(storage.close()).rejects.toThrow("was deleted or moved away");
    const next = await openSqliteStorage(path);
    expect(await find(next, "pending", 100)).toEqual(depids("pending", 100));
    await next.close();
  });
});
