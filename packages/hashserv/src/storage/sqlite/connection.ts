import { pathToFileURL } from "node:url";
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
  /** Whether the file is there, as for the connections of threads: one that was deleted meanwhile is not made anew. */
  readonly exists?: boolean | undefined;
}

/** Opens a database file as all connections of the driver do, in whatever thread. */
export function openConnection(options: SqliteConnectionOptions): DatabaseSyncInstance {
  const { path, durability = "normal", readOnly = false, exists = false } = options;
  const db = new DatabaseSync(exists ? existing(path) : path, { timeout: WAIT_MS, readOnly });
  try {
    if (!readOnly) db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability.toUpperCase()}`);
    db.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite's way to say that a file is not to be created. */
function existing(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set("mode", "rw");
  return url;
}

/** For a connection that writes: whoever finds the file locked by another process tries again, and blocks nothing. */
export function waitForNobody(db: DatabaseSyncInstance): void {
  db.exec("PRAGMA busy_timeout = 0");
}
