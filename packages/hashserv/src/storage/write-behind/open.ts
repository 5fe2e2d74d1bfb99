import { createClock } from "../../clock.ts";
import { StorageError } from "../../errors.ts";
import { type Log, silent } from "../../log.ts";
import { RenewedThread } from "../../thread.ts";
import { openConnection } from "../sqlite/connection.ts";
import { DatabaseFile } from "../sqlite/database-file.ts";
import { ReportJournal } from "../sqlite/journal.ts";
import type { MovingOptions } from "../sqlite/moves.ts";
import { openSqliteStorage, type SqliteOptions } from "../sqlite/sqlite-storage.ts";
import type { Durability, Storage } from "../storage.ts";
import { KnownReader } from "./known.ts";
import { PendingReports } from "./pending-reports.ts";
import { WriteBehindStorage } from "./write-behind-storage.ts";

export interface WriteBehindOptions extends Pick<SqliteOptions, "clock" | "durability"> {
  /** Told when reports cannot be put into the tables. */
  readonly log?: Log;
}

/** Puts reports, as `formatJournalled` writes them, into the tables: all of them, or none when it throws. */
export interface Recorder {
  readonly ask: (texts: readonly string[]) => Promise<void>;
  /** To be called when all is answered. */
  readonly close: () => Promise<void>;
}

/** Where reports are until they are in the tables, and who puts them there. Tests have others. */
export interface WriteBehindParts {
  readonly openJournal: (path: string, durability: Durability) => ReportJournal;
  readonly createRecorder: (options: MovingOptions) => Recorder;
}

const PARTS: WriteBehindParts = {
  openJournal: (path, durability) => new ReportJournal(path, durability),
  createRecorder(options) {
    const thread = new RenewedThread<MovingOptions, readonly string[], void>("record-thread", import.meta.url, options);
    // While there is room for its files: connections that come may take it.
    thread.begin();
    const ask = async (texts: readonly string[]) => {
      try {
        await thread.ask(texts);
      } catch (cause) {
        // Errors lose their class on the way between threads.
        throw new StorageError(cause instanceof Error ? cause.message : String(cause), { cause });
      }
    };
    return { ask, close: () => thread.close() };
  },
};

/**
 * Opens a database file as `openSqliteStorage` does, for one process alone. Reports are answered when they are in a
 * journal beside the file, which survives the end of the process as much as the file does, and a thread puts them into
 * the file a moment later. What a process that was killed has left in the journal is put into the file by whoever opens
 * it next with this or `openSqliteStorage`; other programs do not see it before.
 *
 * @throws {StorageError} naming the file; also when another process has it open in this way
 */
export async function openWriteBehindStorage(
  path: string,
  { clock = createClock(), durability = "normal", log = silent }: WriteBehindOptions = {},
  { openJournal, createRecorder }: WriteBehindParts = PARTS,
): Promise<Storage> {
  let known: KnownReader | undefined;
  const inserting: SqliteOptions["inserting"] = (row) => known?.inserting(row);
  const file = new DatabaseFile(path);
  const tables = await openSqliteStorage(path, { clock, durability, file, inserting, log, ownsJournal: true });
  try {
    const journal = openJournal(path, durability);
    const db = openConnection({ path, durability, readOnly: true });
    const recorder = createRecorder({ path, durability, exists: true, moves: file.moves });
    const shared = () =>
      log("WARNING", `another program writes to ${path}, which was opened for this server alone: reports take longer`);
    known = new KnownReader({ db, shared });
    const reader = known;
    return new WriteBehindStorage({
      tables,
      failed: (reason) => log("ERROR", `answered reports stay in the journal of ${path} for now: ${reason}`),
      // In the file that others find under its name; otherwise they stay in the journal.
      pending: new PendingReports({ known, write: (texts) => file.writing(() => recorder.ask(texts)), journal, clock }),
      file,
      release: async () => {
        reader.stop();
        await recorder.close();
        db.close();
        journal.close();
      },
    });
  } catch (error) {
    await tables.close();
    throw error;
  }
}
