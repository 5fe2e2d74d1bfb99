import type { Durability } from "../storage.ts";
import { ReportJournal } from "./journal.ts";
import { writeJournalled } from "./journalled-report.ts";
import type { createCommit } from "./writer.ts";

/**
 * Puts into the tables what a process has left in the journal of a database file when it ended before its time.
 *
 * @throws {StorageError} when that process is still there
 */
export async function recoverReports(
  path: string,
  durability: Durability,
  commit: ReturnType<typeof createCommit>,
): Promise<void> {
  if (!ReportJournal.exists(path)) return;
  const journal = new ReportJournal(path, durability);
  try {
    const texts = journal.readLeft();
    await commit((rows) => writeJournalled(rows, texts));
    journal.dropLeft();
  } finally {
    journal.close();
  }
}
