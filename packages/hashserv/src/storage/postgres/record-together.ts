import type { Equivalence } from "@depid/hashserv-protocol";
import type { Clock } from "../../clock.ts";
import type { ReportOutcome, ReportToRecord } from "../../rule/report-rule.ts";
import { decidePending, type KnownInTables } from "../decide-pending.ts";
import { PendingRows } from "../pending-rows.ts";
import { completeDetails, recordReports } from "../record-reports.ts";
import type { PostgresTransaction } from "./transaction.ts";

/** Reports that are looked up in one statement, at most, but for those that were handed over together. */
const MOST_TOGETHER = 500;

/**
 * Records what came out of tasks, in order, as `recordReports` does for each of these lists, but in two round trips for
 * all: what the tables know is asked in one statement, and what was decided before decides along with that.
 *
 * @returns what came of the reports of each list
 */
export async function recordTogether(
  tables: PostgresTransaction,
  lists: readonly (readonly ReportToRecord[])[],
  clock: Clock,
): Promise<readonly (readonly ReportOutcome[])[]> {
  const outcomes: (readonly ReportOutcome[])[] = [];
  while (outcomes.length < lists.length) {
    const part = takeSome(lists.slice(outcomes.length));
    outcomes.push(...(await recordSome(tables, part, clock)));
  }
  return outcomes;
}

/** The first of some lists, and those behind it that fit. */
function takeSome<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  let count = 0;
  const end = lists.findIndex((list, i) => {
    count += list.length;
    return i > 0 && count > MOST_TOGETHER;
  });
  return end === -1 ? lists : lists.slice(0, end);
}

/** @returns what came of the lists, up to the first that the tables themselves had to decide on */
async function recordSome(tables: PostgresTransaction, lists: readonly (readonly ReportToRecord[])[], clock: Clock) {
  const known = await tables.findInTables(lists.flat());
  const pending = new PendingRows();
  const equivalences: Equivalence[] = [];
  const outcomes: (readonly ReportOutcome[])[] = [];
  let at = 0;
  for (const list of lists) {
    const decided: ReportOutcome[] = [];
    for (const report of list) {
      const decision = decidePending(report, known[at++] as KnownInTables, [pending]);
      if (decision === undefined) {
        tables.insertDecided(pending.reports, equivalences);
        return [...outcomes, [...decided, ...(await recordReports(tables, list.slice(decided.length)))]];
      }
      const { writes, ...outcome } = decision;
      decided.push(outcome);
      const { method, taskhash, outhash, details } = report;
      if (writes.equivalence) equivalences.push({ method, taskhash, depid: outcome.depid });
      if (!writes.output) continue;
      pending.add({
        method,
        taskhash,
        outhash,
        details: completeDetails(details),
        created: clock(),
        depid: outcome.depid,
      });
    }
    outcomes.push(decided);
  }
  tables.insertDecided(pending.reports, equivalences);
  return outcomes;
}
