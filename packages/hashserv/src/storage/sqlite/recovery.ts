import { StorageError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Durability } from "../storage.ts";
import { ReportJournal } from "./journal.ts";
import { writeJournalled } from "./journalled-report.ts";
import type { createCommit } from "./writer.ts";

export interface RecoveryOptions {
  readonly path: string;
  readonly durability: Durability;
  readonly commit: ReturnType<typeof createCommit>;
  /** Told what could not be read. */
  readonly log: Log;
}

/**
 * Puts into the tables what a process has left in the journal of a database file when it ended before its time.
 *
 * @throws {StorageError} when that process is still there
 */
export async function recoverReports({ path, durability, commit, log }: RecoveryOptions): Promise<void> {
  if (!ReportJournal.exists(path)) return;
  const journal = new ReportJournal(path, durability);
  try {
    const left = journal.readLeft();
    await commit((rows) =>
      writeJournalled(
        rows,
        left.flatMap(({ texts }) => texts),
      ),
    );
    journal.dropLeft();
    for (const { name, texts, damaged } of left)
      if (damaged > 0) log("ERROR", describeDamage(name, damaged, texts.length));
  } finally {
    journal.close();
  }
}

function describeDamage(name: string, damaged: number, whole: number): string {
  return (
    `${damaged} of ${damaged + whole} lines of the journal ${name} are damaged: the reports in them were answered, and are lost; ` +
    `those of the others are in the database, and the file is kept with .damaged behind its name`
  );
}

/**
 * For whoever only reads: reports that are answered and in no table must not be taken for unknown.
 *
 * @throws {StorageError} when a process has left some, and is not there any more to put them into the tables
 */
export function refuseAbandoned(path: string): void {
  const [first] = ReportJournal.findAbandoned(path);
  if (first === undefined) return;
  throw new StorageError(
    `a server that has ended left answered reports in its journal, ${first}: start one that may write, which puts them into the database`,
  );
}
