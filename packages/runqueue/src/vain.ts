import { NOT_VAIN, VAIN, VAIN_AGAIN } from "./state/migration-state.ts";
import { type BuildState, tidOf } from "./state/state.ts";
import { UNSEEN } from "./task-hashes.ts";

/**
 * Looks in vain: in a rehash a setscene task often goes from one hash that nobody ever had to the next. It is undecided each time, and each time
 * there is no object. The log says it the first time only (docs/decisions/0009-unseen-hashes.md).
 */

/** A task is undecided again. @returns whether it went from one unseen hash to another, and nothing else can be found than before */
export function beginVain({ hashes, migration, setscene }: BuildState, task: number): boolean {
  const isVain = migration.vain[task] !== NOT_VAIN && hashes.depid[task] === UNSEEN && !setscene.deferred.has(task);
  migration.vain[task] = isVain ? VAIN_AGAIN : NOT_VAIN;
  return isVain;
}

/** Whether a task that is looked at was found to have no object under the unseen hash before. */
export function isVain({ migration }: BuildState, task: number): boolean {
  return migration.vain[task] === VAIN_AGAIN;
}

/** A task is not covered, as it has no object. @returns whether that is to be logged */
export function endVain(state: BuildState, task: number): boolean {
  const isAgain = state.migration.vain[task] === VAIN_AGAIN;
  state.migration.vain[task] = state.hashes.depid[task] === UNSEEN ? VAIN : NOT_VAIN;
  return !isAgain;
}

/** Something else is decided of a task: it is logged that it had been undecided. */
export function leaveVain(state: BuildState, task: number): void {
  if (isVain(state, task)) state.log.push({ type: "migrated", at: state.now, tid: tidOf(state, task) });
  state.migration.vain[task] = NOT_VAIN;
}

/** The build is over: the same of all tasks of which nothing was decided. */
export function leaveAllVain(state: BuildState): void {
  if (state.hashes.unseen === undefined) return;
  for (let task = 0; task < state.plan.size; task++) if (isVain(state, task)) leaveVain(state, task);
}
