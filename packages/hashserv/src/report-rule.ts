import { type DepId, isDepId } from "@depid/hash";
import type { Equivalence, EquivalenceKey, JoinedRow, Report, TaskDetails } from "@depid/hashserv-protocol";
import type { StorageReader, StorageTransaction } from "./storage.ts";

/** A report, with what was found out before it is recorded: no transaction waits for a network. */
export interface ReportToRecord extends Report {
  /** The depid of an equal output upstream; absent if there is none, or nobody was asked. */
  readonly upstream?: DepId;
}

/** What came of a report. */
export interface ReportOutcome {
  /** The depid that now applies, as stored. */
  readonly depid: string;
  /** False if the taskhash has no depid even now: the only candidate, out of an old database, is none. */
  readonly joined: boolean;
}

/** What the rule asks of the tables, and does to them. */
export interface ReportRows extends Pick<StorageTransaction, "insertOutHash" | "insertEquivalence" | "findDepIds"> {
  findOldestOfOutput(
    ...args: Parameters<StorageReader["findOldestOfOutput"]>
  ): Promise<Pick<JoinedRow, "depid"> | undefined>;
}

/**
 * The depid a new report gets: that of the oldest equal output, else that of an equal output upstream, else the one its
 * reporter proposes (section 9).
 */
export function chooseDepId(reported: DepId, equal: string | undefined, upstream?: string): string {
  return equal ?? upstream ?? reported;
}

/**
 * Records what came out of tasks, in order, and joins each task to the equivalence class of its output. A taskhash that
 * has a depid keeps it. A repeated report is not special: it repairs what is missing.
 *
 * @returns what came of each, up to the first that was not joined; those behind it are not looked at
 */
export async function recordReports(
  rows: ReportRows,
  reports: readonly ReportToRecord[],
): Promise<readonly ReportOutcome[]> {
  const outcomes: ReportOutcome[] = [];
  for (const report of reports) {
    const outcome = await recordReport(rows, report);
    outcomes.push(outcome);
    if (!outcome.joined) break;
  }
  return outcomes;
}

/** The same for one. */
export async function recordReport(rows: ReportRows, report: ReportToRecord): Promise<ReportOutcome> {
  const { method, taskhash, outhash, details, upstream } = report;
  await rows.insertOutHash({ method, taskhash, outhash, details: completeDetails(details) });
  const stored = await findDepId(rows, report);
  if (stored !== undefined) return { depid: stored, joined: true };
  const equal = await rows.findOldestOfOutput(method, outhash, taskhash);
  const depid = chooseDepId(report.depid, equal?.depid, upstream);
  if (!isDepId(depid)) return { depid, joined: false };
  await rows.insertEquivalence({ method, taskhash, depid });
  return { depid, joined: true };
}

/** Written out, as spreading takes longer than all the rest of the rule. */
function completeDetails({
  owner = null,
  PN = null,
  PV = null,
  PR = null,
  task = null,
  outhashSiginfo = null,
}: Partial<TaskDetails> = {}): TaskDetails {
  return { owner, PN, PV, PR, task, outhashSiginfo };
}

/** The depid stored for one key. */
export async function findDepId(
  rows: Pick<StorageReader, "findDepIds">,
  { method, taskhash }: EquivalenceKey | Equivalence,
): Promise<string | undefined> {
  const [depid] = await rows.findDepIds([{ method, taskhash }]);
  return depid;
}
