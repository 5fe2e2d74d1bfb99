import type { TaskDetails } from "@depid/hashserv-protocol";
import { decideReport, type ReportOutcome, type ReportToRecord } from "../rule/report-rule.ts";
import type { StorageTransaction } from "./storage.ts";

/** What the rule needs of tables: what they know of a report, and the two rows that it may add. */
export type ReportTables = Pick<StorageTransaction, "findKnown" | "insertOutHash" | "insertEquivalence">;

/**
 * Records what came out of tasks, in order, within a transaction.
 *
 * @returns what came of each, up to the first that was not joined; those behind it are not looked at
 */
export async function recordReports(
  tables: ReportTables,
  reports: readonly ReportToRecord[],
): Promise<readonly ReportOutcome[]> {
  const outcomes: ReportOutcome[] = [];
  for (const report of reports) {
    const outcome = await recordReport(tables, report);
    outcomes.push(outcome);
    if (!outcome.joined) break;
  }
  return outcomes;
}

async function recordReport(tables: ReportTables, report: ReportToRecord): Promise<ReportOutcome> {
  const { method, taskhash, outhash, details } = report;
  const { depid, joined, writes } = decideReport(report, await tables.findKnown(report));
  if (writes.output) await tables.insertOutHash({ method, taskhash, outhash, details: completeDetails(details) });
  if (writes.equivalence) await tables.insertEquivalence({ method, taskhash, depid });
  return { depid, joined };
}

/** What a report does not tell is null. */
export function completeDetails({
  owner = null,
  PN = null,
  PV = null,
  PR = null,
  task = null,
  outhashSiginfo = null,
}: Partial<TaskDetails> = {}): TaskDetails {
  return { owner, PN, PV, PR, task, outhashSiginfo };
}
