import { createClock } from "../clock.ts";
import { type Log, silent } from "../log.ts";
import type { Storage } from "../storage.ts";
import { PendingReports } from "./pending-reports.ts";
import { ReportJournal } from "./report-journal.ts";
import { openSqliteStorage, type SqliteOptions } from "./sqlite.ts";
import { openConnection, type SqliteConnectionOptions } from "./sqlite-connection.ts";
import { KnownReader } from "./sqlite-known.ts";
import type { Written } from "./sqlite-known-filter.ts";
import { Thread } from "./thread.ts";
import { WriteBehindStorage } from "./write-behind.ts";

export interface WriteBehindOptions extends Omit<SqliteOptions, "readOnly"> {
  /** Told when reports cannot be put into the tables. */
  readonly log?: Log;
}

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
): Promise<Storage> {
  const tables = await openSqliteStorage(path, { clock, durability });
  try {
    const journal = new ReportJournal(path, durability);
    const db = openConnection({ path, durability, readOnly: true });
    const thread = new Thread<SqliteConnectionOptions, readonly string[], Written>("sqlite-record-thread", {
      path,
      durability,
    });
    const write = (texts: readonly string[]) => thread.ask(texts);
    const known = new KnownReader(db);
    return new WriteBehindStorage({
      tables,
      failed: (reason) => log("ERROR", `answered reports stay in the journal of ${path} for now: ${reason}`),
      pending: new PendingReports({ known, write, journal, clock }),
      release: async () => {
        known.filter.stop();
        await thread.close();
        db.close();
        journal.close();
      },
    });
  } catch (error) {
    await tables.close();
    throw error;
  }
}
