import { resume, suspend, undecideSuspended, unmarkProcessed } from "./sets.ts";
import { findCovers } from "./setscene-graph.ts";
import { NOT_VAIN, VAIN, VAIN_AGAIN } from "./state/migration-state.ts";
import { type BuildState, tidOf } from "./state/state.ts";
import { UNSEEN } from "./task-hashes.ts";

/**
 * Looks in vain: in a rehash a setscene task often goes from one hash that nobody ever had to the next. It is undecided each time, and each time
 * there is no object. The log says it the first time only (docs/decisions/0010-unseen-hashes.md).
 */

/** Whether nothing can be found of a task but what was found before: it goes from one unseen hash to another. */
export function mayBeVain({ hashes, migration, setscene }: BuildState, task: number): boolean {
  return migration.vain[task] !== NOT_VAIN && hashes.depid[task] === UNSEEN && !setscene.deferred.has(task);
}

/** It is undecided again. */
export function beginVain(state: BuildState, task: number): void {
  state.migration.vain[task] = VAIN_AGAIN;
  suspend(state, task);
}

/** Whether a task is undecided of which it was found before that there is no object under its unseen hash. */
export function isVain({ migration }: BuildState, task: number): boolean {
  return migration.vain[task] === VAIN_AGAIN;
}

/** It has no object, again. */
export function endVain(state: BuildState, task: number): void {
  state.migration.vain[task] = VAIN;
  resume(state, task);
}

/** A task was not covered, as it has no object: if its hash is unseen, that will be so under the next unseen one. */
export function noteNoObject({ migration, hashes }: BuildState, task: number): void {
  migration.vain[task] = hashes.depid[task] === UNSEEN ? VAIN : NOT_VAIN;
}

/** Something else is to be found out, or was decided, of a task: that it had been undecided is told now. */
export function leaveVain(state: BuildState, task: number): void {
  if (isVain(state, task)) {
    state.log.push({ type: "migrated", at: state.now, tid: tidOf(state, task) });
    undecideSuspended(state, task);
    for (const below of state.migration.covers[task] ?? findCovers(state.plan, task)) {
      if (state.real.complete[below] === 0 && state.plan.unskippable[below] === 0) unmarkProcessed(state, below);
    }
  }
  state.migration.vain[task] = NOT_VAIN;
}

/** The build is over: the same of all tasks of which nothing was decided. */
export function leaveAllVain(state: BuildState): void {
  if (state.hashes.unseen === undefined) return;
  for (let task = 0; task < state.plan.size; task++) if (isVain(state, task)) leaveVain(state, task);
}
