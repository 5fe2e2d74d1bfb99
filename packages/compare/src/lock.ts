import type { CapturedTask, CaptureHeader } from "@depid/task-graph";

/**
 * Whether a task of a capture has its depid by a lock (SIGGEN_LOCKEDSIGS, signatures.md section 2). `perhaps`: the build had
 * locks, and the capture does not tell of which tasks.
 */
export type LockKnowledge = "locked" | "perhaps" | "no";

/**
 * Why a task with another taskhash has the depid that it had. `equivalence`: a server knew an equal output. `lock`: the depid is
 * listed, and the change is not built. `lifted`: it was listed before, and is not now. `unclear`: a lock or a server; the capture
 * does not say which.
 */
export type KeptBy = "equivalence" | "lock" | "lifted" | "unclear";

/** What meta-depid says in the first line of a capture of a build with locks. */
const LOCKS = /^depids of (\d+) tasks? with locked signatures/;

/**
 * Tells which tasks of a capture are locked: from the key `locked` of tasks; in captures of before there was one, from the
 * sentence of the header. Where that counts as many locks as there are tasks, all are. Else a task that has no setscene variant
 * and another depid than its taskhash is, as BitBake asks no server about those; of other tasks nothing can be said.
 */
export function locksOf(header: CaptureHeader, tasks: readonly CapturedTask[]): (task: CapturedTask) => LockKnowledge {
  const told = header.assumed.map((line) => LOCKS.exec(line)?.[1]).find((it) => it !== undefined);
  if (told === undefined || tasks.some((it) => it.locked)) return (task) => (task.locked ? "locked" : "no");
  if (Number(told) >= tasks.length) return () => "locked";
  return (task) => {
    if ((task.depid as string) === task.taskhash) return "no";
    return task.setscene ? "perhaps" : "locked";
  };
}

/** Why a task with another taskhash kept its depid. @param locks what is known of it in either capture */
export function keptBy(
  before: { readonly lock: LockKnowledge },
  after: { readonly lock: LockKnowledge; readonly task: CapturedTask },
): KeptBy {
  const isOwn = (after.task.depid as string) === after.task.taskhash;
  if (after.lock === "locked") return isOwn ? "lifted" : "lock";
  if (after.lock === "perhaps") return "unclear";
  if (before.lock === "locked") return "lifted";
  return before.lock === "perhaps" ? "unclear" : "equivalence";
}

/** Whether a lock keeps what a task is now from being built: the listed hash is another one than that of its inputs. */
export function isHeld(task: CapturedTask, lock: LockKnowledge): boolean {
  return lock === "locked" && (task.depid as string) !== task.taskhash;
}
