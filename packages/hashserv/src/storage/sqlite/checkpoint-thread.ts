import { answerQuestions } from "../../thread.ts";
import { openConnection } from "./connection.ts";
import { Moves, type MovingOptions } from "./moves.ts";

/** Moves what it can from the write-ahead log to the file, without holding up anybody. */
answerQuestions(({ moves: shared, ...options }: MovingOptions) => {
  const db = openConnection(options);
  const moves = new Moves(shared);
  const checkpoint = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  return {
    answer: () => void moves.around(() => checkpoint.get()),
    close: () => db.close(),
  };
});
