import { isCurrentToTheBottom } from "./current.ts";
import type { CoveredWhy, NotCoveredWhy } from "./event.ts";
import { decide } from "./sets.ts";
import { findSetsceneStamp, makeSetsceneStamp } from "./stamps.ts";
import { BY_OBJECT, BY_STAMP, COVERED, NOT_COVERED } from "./state/setscene-state.ts";
import { type BuildState, tidOf } from "./state/state.ts";
import { UNSEEN } from "./task-hashes.ts";
import { makeReady, updateTurn } from "./turn.ts";
import { reveal } from "./unseen.ts";
import { endVain, isVain, leaveVain, noteNoObject } from "./vain.ts";
import { freeHardDependents } from "./wanted-hard.ts";

/** Decides that a setscene task is covered. */
export function cover(state: BuildState, task: number, why: CoveredWhy): void {
  reveal(state, task);
  leaveVain(state, task);
  state.log.push({ type: "setscene-covered", at: state.now, tid: tidOf(state, task), why });
  if (why === "restored") note(state, task, BY_OBJECT);
  else if (why === "stamp-current" || why === "setscene-stamp-current") note(state, task, BY_STAMP);
  settle(state, task);
  decide(state, task, COVERED);
  freeHardDependents(state, task);
}

/** Decides that it is not, and so for all that cannot do without it (runqueue.md section 7, end). */
export function uncover(state: BuildState, task: number, why: NotCoveredWhy): void {
  settle(state, task);
  if (isVain(state, task) && isForWantOfObjects(why)) endVain(state, task);
  else {
    leaveVain(state, task);
    state.log.push({ type: "setscene-notcovered", at: state.now, tid: tidOf(state, task), why });
    decide(state, task, NOT_COVERED);
    if (isForWantOfObjects(why)) noteNoObject(state, task);
  }
  for (const dependent of state.plan.hardDependents.get(task) ?? []) {
    if (state.setscene.decision[dependent] !== 0 || findStampReason(state, dependent) !== undefined) continue;
    uncover(state, dependent, "hard-dependency-failed");
  }
  freeHardDependents(state, task);
}

/** Why a task is covered without an object, if it is. noexec tasks get their setscene stamp by being looked at. */
export function findStampReason(state: BuildState, task: number): "noexec" | "stamp-current" | undefined {
  if (state.plan.tasks[task]?.noexec) {
    reveal(state, task);
    makeSetsceneStamp(state, task);
    return "noexec";
  }
  if (state.hashes.depid[task] === UNSEEN) return undefined;
  const isThere = findSetsceneStamp(state, task) !== undefined || isCurrentToTheBottom(state, task);
  return isThere ? "stamp-current" : undefined;
}

/** Nothing is decided of a setscene task any more, nor known: it is as if it had never had its turn. */
export function unsettle(state: BuildState, task: number): void {
  state.setscene.started[task] = 0;
  state.setscene.noObject[task] = 0;
  state.setscene.notNeeded[task] = 0;
  state.setscene.ready[task] = 0;
  updateTurn(state, task);
}

/** Something is to be done for setscene tasks again. */
export function resumeSetscene(state: BuildState): void {
  state.setscene.done = false;
}

function note({ setscene: { coveredBy } }: BuildState, task: number, by: number): void {
  coveredBy[task] = (coveredBy[task] as number) | by;
}

/** Whether a task is not covered as there is no object of it, or of what it cannot do without. */
function isForWantOfObjects(why: NotCoveredWhy): boolean {
  return why === "no-object" || why === "hard-dependency-failed";
}

function settle(state: BuildState, task: number): void {
  state.setscene.started[task] = 1;
  makeReady(state, task);
}
