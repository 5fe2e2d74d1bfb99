import { createClock } from "../clock.ts";
import { type ReportOutcome, type ReportToRecord, recordReports } from "../report-rule.ts";
import { openConnection, type SqliteConnectionOptions, waitForNobody } from "./sqlite-connection.ts";
import { SqliteTransaction } from "./sqlite-transaction.ts";
import { createCommit } from "./sqlite-writer.ts";
import { answerQuestions } from "./thread.ts";

/**
 * Records reports, all that one question has under one commit, while the main thread speaks with clients. As text: to read
 * JSON takes a fraction of the time that a thread takes to copy as many objects.
 */
answerQuestions((options: SqliteConnectionOptions) => {
  const db = openConnection(options);
  waitForNobody(db);
  const rows = new SqliteTransaction(db, createClock());
  const commit = createCommit({ db, rows, committed: () => undefined });
  return {
    async answer(question: string): Promise<string> {
      const outcomes: (readonly ReportOutcome[])[] = [];
      await commit(async (rows) => {
        for (const reports of JSON.parse(question) as ReportToRecord[][]) {
          outcomes.push(await recordReports(rows, reports));
        }
      });
      return JSON.stringify(outcomes);
    },
    close: () => db.close(),
  };
});
