import { type DepId, isDepId } from "@depid/hash";
import { isShortDepId, type Report } from "@depid/hashserv-protocol";

/** A report, with what was found out before it is decided on: no decision waits for a network. */
export interface ReportToRecord extends Report {
  /** The depid of an equal output upstream; absent if there is none, or nobody was asked. */
  readonly upstream?: DepId;
}

/** What is recorded already that decides on a report. */
export interface KnownOfReport {
  /** The depid of its taskhash, as stored. */
  readonly depid: string | undefined;
  /** Whether this output of its taskhash is recorded. */
  readonly recorded: boolean;
  /** The depid of the oldest row with its output, of another taskhash, one that has a depid. */
  readonly equal: string | undefined;
}

/** What comes of a report. */
export interface ReportOutcome {
  /** The depid that now applies, as stored. */
  readonly depid: string;
  /** False if the taskhash has no depid even now: the only candidate, out of an old database, is none. */
  readonly joined: boolean;
}

/** What comes of a report, and what is to be written for it. */
export interface ReportDecision extends ReportOutcome {
  readonly writes: {
    /** The output of the taskhash. */
    readonly output: boolean;
    /** That the taskhash has `depid`. */
    readonly equivalence: boolean;
  };
}

/**
 * Decides on what came out of a task: it joins the equivalence class of its output. A taskhash that has a depid keeps it.
 * A repeated report is not special: it repairs what is missing (section 9).
 */
export function decideReport(report: Pick<ReportToRecord, "depid" | "upstream">, known: KnownOfReport): ReportDecision {
  const depid = known.depid ?? chooseDepId(report.depid, known.equal, report.upstream);
  const joined = known.depid !== undefined || isPassedOn(depid, report.depid);
  return { depid, joined, writes: { output: !known.recorded, equivalence: known.depid === undefined && joined } };
}

/** Whether a candidate may be given to who reports this: short ones only to those who have such themselves. */
function isPassedOn(candidate: string, reported: DepId): boolean {
  return isDepId(candidate) || (isShortDepId(candidate) && isShortDepId(reported));
}

/**
 * The depid a new report gets: that of the oldest equal output, else that of an equal output upstream, else the one its
 * reporter proposes (section 9).
 */
export function chooseDepId(reported: DepId, equal: string | undefined, upstream?: string): string {
  return equal ?? upstream ?? reported;
}
