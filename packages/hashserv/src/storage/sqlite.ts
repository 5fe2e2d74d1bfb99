import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { type Clock, createClock } from "../clock.ts";
import { StorageError } from "../errors.ts";
import type { Storage } from "../storage.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import { migrate } from "./sqlite-schema.ts";
import { SqliteTransaction } from "./sqlite-transaction.ts";
import { SqliteWriter } from "./sqlite-writer.ts";

/** Milliseconds to wait, blocking, for another process: only while opening, and while a crashed one's log is replayed. */
const WAIT_MS = 5_000;

/** KiB of pages kept in memory per connection. A report touches five places all over the file. */
const CACHE_KIB = 32_768;
/** Pages of 4 KiB in the write-ahead log before they are moved to the file, the only time the disk is waited for. */
const CHECKPOINT_PAGES = 8_000;

/**
 * Opens a database file of the reference or of ours; creates it, or brings it up to date, as need be (section 13). An
 * answered transaction survives the end of the process: it is in the write-ahead log, not synced to disk.
 *
 * @throws {StorageError} naming the file
 */
export async function openSqliteStorage(path: string, options: { readonly clock?: Clock } = {}): Promise<Storage> {
  const open: DatabaseSyncInstance[] = [];
  try {
    const writing = openDatabase(path, open);
    migrate(writing);
    writing.exec("PRAGMA busy_timeout = 0");
    const reading = openDatabase(path, open);
    const reader = new SqliteReader(reading);
    const writer = new SqliteWriter(writing, new SqliteTransaction(writing, options.clock ?? createClock()));
    return {
      findDepIds: (keys) => reader.findDepIds(keys),
      depIdsExist: (depids) => reader.depIdsExist(depids),
      findOldestOfTask: (key) => reader.findOldestOfTask(key),
      findOldestOfOutput: (...args) => reader.findOldestOfOutput(...args),
      findOldestRecord: (...args) => reader.findOldestRecord(...args),
      findMark: () => reader.findMark(),
      countMarks: (mark) => reader.countMarks(mark),
      countRows: () => reader.countRows(),
      findUser: (username) => reader.findUser(username),
      listUsers: () => reader.listUsers(),
      transaction: (work) => writer.transaction(work),
      async close() {
        await writer.idle();
        for (const db of open.splice(0)) db.close();
      },
    };
  } catch (cause) {
    for (const db of open) db.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StorageError(`cannot open the database ${path}: ${reason}`, { cause });
  }
}

function openDatabase(path: string, open: DatabaseSyncInstance[]): DatabaseSyncInstance {
  const db = new DatabaseSync(path, { timeout: WAIT_MS });
  open.push(db);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  db.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  return db;
}
