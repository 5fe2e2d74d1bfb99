import { outsideReason } from "@depid/hash";
import type { EquivalenceKey, OutHashKey } from "@depid/hashserv-protocol";
import { type Clock, createClock } from "../../clock.ts";
import { StorageError } from "../../errors.ts";
import { type Log, silent } from "../../log.ts";
import { GroupCommit } from "../group-commit.ts";
import { recordReports } from "../record-reports.ts";
import type { Durability, Storage } from "../storage.ts";
import { SqliteCache } from "./cache.ts";
import { SqliteCheckpointer } from "./checkpointer.ts";
import { openConnection, waitForNobody } from "./connection.ts";
import { DatabaseFile } from "./database-file.ts";
import { ReportJournal } from "./journal.ts";
import { describeCarried } from "./old-tables.ts";
import { SqlitePreloader } from "./preloader.ts";
import { SqliteReader } from "./reader.ts";
import { recoverReports, refuseAbandoned } from "./recovery.ts";
import { migrate } from "./schema.ts";
import { measureFiles } from "./size.ts";
import { SqliteTransaction } from "./transaction.ts";
import { createCommit } from "./writer.ts";

/** KiB of pages kept for reading. What is asked for often is in our own cache, in a tenth of the memory. */
const READER_CACHE_KIB = 8_192;
/** Milliseconds of work under one commit; then look-ups have their turn. */
const MAX_MS = 8;

export interface SqliteOptions {
  readonly clock?: Clock;
  /** What survives a power failure; `normal` unless told. All that is answered survives the end of the process. */
  readonly durability?: Durability | undefined;
  /** Whether the file is there and up to date, and nothing is written. Transactions fail. */
  readonly readOnly?: boolean;
  /** Whether the journal beside the file is ours; otherwise nobody has it while we write. */
  readonly ownsJournal?: boolean;
  /** The files of this database, for whoever writes to others that belong to it. */
  readonly file?: DatabaseFile;
  /** Told of what cannot be saved. */
  readonly log?: Log | undefined;
  /** Told of each row that a transaction is about to insert, also if that is taken back. */
  readonly inserting?: ((row: EquivalenceKey | OutHashKey) => void) | undefined;
}

/**
 * Opens a database file of the reference or of ours; creates it, or brings it up to date, as need be (section 13). An
 * answered transaction survives the end of the process: it is in the write-ahead log. What a process that wrote behind
 * has left in its journal is put into the file.
 *
 * @throws {StorageError} naming the file
 */
export async function openSqliteStorage(path: string, options: SqliteOptions = {}): Promise<Storage> {
  const { file = new DatabaseFile(path) } = options;
  const open: { close(): void }[] = [];
  const failed = (error: unknown) => file.failed(error);
  try {
    const writer = options.readOnly ? undefined : await openWriter(path, file, open, options);
    const db = openConnection({ ...options, path });
    // The file last: when SQLite has closed it.
    open.push(db, file);
    if (options.readOnly) refuseAbandoned(path);
    db.exec(`PRAGMA cache_size = -${READER_CACHE_KIB}`);
    const cache = writer?.cache ?? new SqliteCache(db);
    const reader = new SqliteReader(db, { cache, failed });
    const preloader = new SqlitePreloader(db, cache, failed);
    file.opened();
    let closed = false;
    const storage: Storage = {
      read: reader,
      async transaction(work) {
        if (writer === undefined) throw new StorageError(`the database ${path} was opened for reading alone`);
        if (closed) throw new StorageError(`the database ${path} is closed`);
        return writer.queue.transaction(work);
      },
      recordReports: (reports) => storage.transaction((rows) => recordReports(rows, reports)),
      sizeInBytes: () => measureFiles(path),
      async check() {
        await file.inspect();
        reader.depIdsExist([""]);
      },
      async close() {
        closed = true;
        preloader.stop();
        await writer?.queue.idle();
        await writer?.checkpointer.close();
        for (const db of open.splice(0)) db.close();
      },
    };
    return storage;
  } catch (cause) {
    for (const db of open) db.close();
    throw new StorageError(`cannot open the database ${path}: ${outsideReason(cause)}`, { cause });
  }
}

async function openWriter(path: string, file: DatabaseFile, open: { close(): void }[], options: SqliteOptions) {
  const { clock = createClock(), durability = "normal", log = silent } = options;
  const db = openConnection({ path, durability });
  open.push(db);
  for (const carried of migrate(db)) {
    const told = describeCarried(carried);
    if (told !== undefined) log("WARNING", `${path}: ${told}`);
  }
  waitForNobody(db);
  const rows = new SqliteTransaction(db, clock, options.inserting);
  const cache = new SqliteCache(db);
  const checkpointer = new SqliteCheckpointer(db, { path, durability }, file);
  const committed = () => {
    if (rows.takeRemoved()) cache.clear();
    return checkpointer.committed();
  };
  const commit = createCommit({ db, rows, committed });
  await recoverReports({ path, durability, commit, log });
  if (options.ownsJournal !== true) open.push({ close: ReportJournal.keepAway(path) });
  const queue = new GroupCommit({ commit: refuseWhenLost(commit, file), maxMs: MAX_MS });
  return { cache, checkpointer, queue };
}

/** The same, of which nobody is told when it would be lost. */
function refuseWhenLost(commit: ReturnType<typeof createCommit>, file: DatabaseFile): typeof commit {
  return async (work) => {
    await file.check();
    try {
      await commit(work);
    } catch (error) {
      file.failed(error);
      throw error;
    }
    await file.check();
  };
}
