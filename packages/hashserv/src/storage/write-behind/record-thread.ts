import { createClock } from "../../clock.ts";
import { answerQuestions } from "../../thread.ts";
import { openConnection, waitForNobody } from "../sqlite/connection.ts";
import { writeJournalled } from "../sqlite/journalled-report.ts";
import { Moves, type MovingOptions } from "../sqlite/moves.ts";
import { SqliteTransaction } from "../sqlite/transaction.ts";
import { prepareColumns } from "../sqlite/values.ts";
import { createCommit } from "../sqlite/writer.ts";

/** Pages of 4 KiB in the write-ahead log at which they are moved to the file: here only this thread waits for that. */
const CHECKPOINT_PAGES = 4_000;
/** KiB of pages kept in memory: those that thousands of reports touch, all over the file. */
const CACHE_KIB = 131_072;

/** Puts reports into the tables, all that are handed over together under one commit. */
answerQuestions(({ moves: shared, ...options }: MovingOptions) => {
  const db = openConnection(options);
  db.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = 0`);
  waitForNobody(db);
  const moves = new Moves(shared);
  const length = prepareColumns(db, "PRAGMA wal_checkpoint(NOOP)");
  const checkpoint = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  const committed = () => {
    const [, pages = 0] = length.get() as unknown as number[];
    if (pages < CHECKPOINT_PAGES) return undefined;
    try {
      moves.around(() => checkpoint.get());
    } catch {
      // What was written is in the log, and is moved later; so SQLite itself has it.
    }
  };
  const commit = createCommit({ db, rows: new SqliteTransaction(db, createClock()), committed });
  return {
    answer: (texts: readonly string[]): Promise<void> => commit((rows) => writeJournalled(rows, texts)),
    close: () => db.close(),
  };
});
