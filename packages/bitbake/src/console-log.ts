import type { ConsoleBuild, SstateCounts, TaskCounts } from "./console-reader.ts";
import { recordOf } from "./console-record.ts";

/** What BitBake printed at the begin and the end of a build. One row of the table `summaries`; null is what the log does not say. */
export interface SummaryRow {
  /** Counted from 1 in each log. */
  readonly build: number;
  /** Number of the first of the two lines; of a build without either, of its first line. */
  readonly line: number;
  /** Setscene tasks whose objects were looked for. */
  readonly wanted: number | null;
  /** Of these, found in the sstate directory; null in releases that do not tell the places apart. */
  readonly local: number | null;
  /** Found in mirrors; null as `local` is. */
  readonly mirrors: number | null;
  /** Found in either. */
  readonly found: number | null;
  readonly missed: number | null;
  /** Setscene tasks with a current stamp, which were not looked for. */
  readonly current: number | null;
  /** Tasks that were run or passed over. */
  readonly attempted: number | null;
  /** Of these, those that did not need to be rerun. */
  readonly skipped: number | null;
  readonly failed: number | null;
}

/** A task that a log names. One row of the table `named`. */
export interface NamedTaskRow {
  readonly build: number;
  /** The tid as BitBake writes it, without `_setscene`. */
  readonly task: string;
  readonly how: "executed" | "failed" | "noexec" | "restored" | "restore-failed";
}

/** A depid that changed while a build ran. One row of the table `rehashes`. */
export interface RehashRow {
  readonly build: number;
  readonly line: number;
  /** The tid; where the log says only that, the taskhash. */
  readonly task: string;
  /** Null if the log does not say it. */
  readonly before: string | null;
  readonly after: string;
}

/** A build of a log, with what is not known of it. */
export interface LoggedBuild extends SummaryRow {
  /** Whether the log has its end. */
  readonly finished: boolean;
  /** Tasks that it names, by what became of them; null if the log does not name tasks. */
  readonly executed: number | null;
  readonly restored: number | null;
  readonly noexec: number | null;
  /** Depids that changed, as the log tells. */
  readonly rehashes: number;
  /** Sentences. */
  readonly unknown: readonly string[];
}

const NO_SSTATE: Readonly<Record<keyof SstateCounts, null>> = {
  wanted: null,
  local: null,
  mirrors: null,
  found: null,
  missed: null,
  current: null,
};
const NO_COUNTS: Readonly<Record<keyof TaskCounts, null>> = { attempted: null, skipped: null, failed: null };

/** The row of a build. @param number from 1 */
export function summaryOf({ summaryLine, line, sstate, counts }: ConsoleBuild, number: number): SummaryRow {
  return {
    build: number,
    line: summaryLine === 0 ? line : summaryLine,
    ...(sstate ?? NO_SSTATE),
    ...(counts ?? NO_COUNTS),
  };
}

/** What a log has of a build. @param number from 1 */
export function loggedBuild(build: ConsoleBuild, number: number): LoggedBuild {
  const { draft, counts, namesTasks, depids } = build;
  const { unknown } = recordOf(build, "", number);
  return {
    ...summaryOf(build, number),
    finished: counts !== undefined,
    executed: namesTasks ? draft.executed.size : null,
    restored: namesTasks ? draft.restored.size : null,
    noexec: namesTasks ? draft.noexec.size : null,
    rehashes: depids.length,
    unknown:
      namesTasks || unknown.some((it) => it.startsWith("which tasks ran"))
        ? unknown
        : ["which tasks ran: the log names none", ...unknown],
  };
}

/** The tasks that a log names of a build, in the order in which they began. @param number from 1 */
export function* namedTasks({ draft }: ConsoleBuild, number: number): Generator<NamedTaskRow> {
  const isFailed = (task: string) => draft.failed.has(task);
  for (const task of draft.restored) yield { build: number, task, how: "restored" };
  for (const task of draft.restoreFailed) yield { build: number, task, how: "restore-failed" };
  for (const task of draft.executed) yield { build: number, task, how: isFailed(task) ? "failed" : "executed" };
  for (const task of draft.noexec) yield { build: number, task, how: "noexec" };
  for (const task of draft.failed) if (!draft.executed.has(task)) yield { build: number, task, how: "failed" };
}
