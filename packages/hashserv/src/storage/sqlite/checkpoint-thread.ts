import { answerQuestions } from "../../thread.ts";
import { openConnection, type SqliteConnectionOptions } from "./connection.ts";

/** Moves what it can from the write-ahead log to the file, without holding up anybody. */
answerQuestions((options: SqliteConnectionOptions) => {
  const db = openConnection(options);
  const checkpoint = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  return {
    answer: () => void checkpoint.get(),
    close: () => db.close(),
  };
});
