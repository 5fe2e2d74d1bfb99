import type { DatabaseSyncInstance, StatementSyncInstance } from "@photostructure/sqlite";
import { StorageError } from "../../errors.ts";
import type { StorageTransaction } from "../storage.ts";

/** Milliseconds between attempts to begin while another process writes. */
const RETRY_MS = 5;
/** After which we give up, as the reference does: BitBake's client, which comes again three times, is told in some 20 seconds. */
const GIVE_UP_MS = 5_000;

export interface WriterOptions {
  readonly db: DatabaseSyncInstance;
  readonly rows: StorageTransaction;
  /** Called after each commit. What it gives is waited for before the next. */
  readonly committed: () => Promise<void> | undefined;
}

/** @returns what runs work in a database transaction of its own; to be called again once it is through */
export function createCommit({ db, rows, committed }: WriterOptions) {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  let ready: Promise<void> | undefined;
  return async (work: (rows: StorageTransaction) => Promise<void>): Promise<void> => {
    await ready;
    await beginWhenFree(begin);
    try {
      await work(rows);
      run(commit);
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
    ready = committed();
  };
}

/** Waits for the lock of another process without holding up anything else here (section 14, item 8). */
async function beginWhenFree(begin: StatementSyncInstance): Promise<void> {
  for (const start = performance.now(); ; ) {
    try {
      begin.run();
      return;
    } catch (cause) {
      if (!isBusy(cause)) throw cannotWrite(cause);
      if (performance.now() - start > GIVE_UP_MS) {
        throw new StorageError("the database is locked by another process", { cause, code: "STORAGE_BUSY" });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function run(commit: StatementSyncInstance): void {
  try {
    commit.run();
  } catch (cause) {
    throw cannotWrite(cause);
  }
}

function cannotWrite(cause: unknown): StorageError {
  return new StorageError(`cannot write: ${String(cause)}`, { cause });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /database is locked|SQLITE_BUSY/.test(error.message);
}
