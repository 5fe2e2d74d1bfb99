import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import type { Durability } from "../storage.ts";

/** Milliseconds to wait, blocking, for another process: only while opening, and while a crashed one's log is replayed. */
const WAIT_MS = 5_000;
/** KiB of pages kept in memory per connection. A report touches five places all over the file. */
const CACHE_KIB = 32_768;
/** Pages of 4 KiB in the write-ahead log at which SQLite moves them to the file itself, while all wait. */
const CHECKPOINT_PAGES = 128_000;

export interface SqliteConnectionOptions {
  readonly path: string;
  /** What survives a power failure; `normal` unless told. */
  readonly durability?: Durability | undefined;
  /** Whether nothing is written. */
  readonly readOnly?: boolean | undefined;
}

/** Opens a database file as all connections of the driver do, in whatever thread. */
export function openConnection(options: SqliteConnectionOptions): DatabaseSyncInstance {
  const { path, durability = "normal", readOnly = false } = options;
  const db = new DatabaseSync(path, { timeout: WAIT_MS, readOnly });
  try {
    if (!readOnly) db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability.toUpperCase()}`);
    db.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** For a connection that writes: whoever finds the file locked by another process tries again, and blocks nothing. */
export function waitForNobody(db: DatabaseSyncInstance): void {
  db.exec("PRAGMA busy_timeout = 0");
}
