import { type BaseHash, type DepId, type TaskHash, taskName } from "@depid/hash";
import { taskHashInput, taskHashOf, taskHashText } from "@depid/siggen";
import type { Capture, CapturedTask, FileChecksum } from "@depid/task-graph";
import { type LockKnowledge, locksOf } from "./lock.ts";
import { nameOfTid } from "./pair.ts";

/** How a taskhash came about: the pieces of the text that was hashed, in their order (runqueue.md section 3). */
export interface HashExplanation {
  readonly name: string;
  readonly task: CapturedTask;
  readonly basehash: BaseHash;
  /** How many variables and functions the basehash was made from; `undefined` if that is not recorded. */
  readonly variables: number | undefined;
  readonly dependencies: readonly HashedDependency[];
  /** Those that are missing contribute nothing. */
  readonly files: readonly FileChecksum[];
  readonly taint: string | undefined;
  /** Characters of the text. */
  readonly length: number;
  /** The digest of the text. */
  readonly recomputed: TaskHash;
  /** Whether a lock gives the task its depid. */
  readonly lock: LockKnowledge;
  /** Whether the capture's taskhash is that digest: not so for locked signatures. */
  readonly isExact: boolean;
}

/** A dependency as it entered. */
export interface HashedDependency {
  readonly name: string;
  readonly depid: DepId;
  /**
   * `taskhash`: the depid is its taskhash. `equal`: the depid of a task with an equal output, as a server said. `locked`: a
   * depid that is listed. `perhaps`: either of these. `earlier`: the task has another depid in the end. `missing`: the capture does not have the task.
   */
  readonly is: "taskhash" | "equal" | "locked" | "perhaps" | "earlier" | "missing";
}

/** How the taskhash of a task of a capture came about. */
export function explainHash(capture: Capture, task: CapturedTask): HashExplanation {
  const byTid = new Map(capture.tasks.map((it) => [it.tid, it]));
  const lockOf = locksOf(capture.header, capture.tasks);
  const input = taskHashInput(task, task.hashedDepids);
  const recomputed = taskHashOf(input);
  return {
    name: taskName(task),
    task,
    basehash: task.basehash,
    variables: task.variables?.length,
    dependencies: task.hashdeps.map((tid, i) => {
      const dependency = byTid.get(tid);
      const depid = task.hashedDepids[i] as DepId;
      const name = dependency === undefined ? nameOfTid(tid) : taskName(dependency);
      return { name, depid, is: kindOf(dependency, depid, lockOf) };
    }),
    files: task.files,
    taint: task.taint,
    length: taskHashText(input).length,
    recomputed,
    lock: lockOf(task),
    isExact: recomputed === task.taskhash,
  };
}

function kindOf(
  dependency: CapturedTask | undefined,
  depid: DepId,
  lockOf: (task: CapturedTask) => LockKnowledge,
): HashedDependency["is"] {
  if (dependency === undefined) return "missing";
  if (depid !== dependency.depid) return "earlier";
  if ((depid as string) === dependency.taskhash) return "taskhash";
  const lock = lockOf(dependency);
  return lock === "no" ? "equal" : lock;
}
