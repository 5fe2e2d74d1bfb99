import type { BuildPlan } from "./plan.ts";
import type { BuildState } from "./state/state.ts";
import { makeReady, updateTurn } from "./turn.ts";

/** Before 2.8, a task on which others depend hard has no users of its own, so that it is ready from the start and never not needed. */
export function hasLostUsers({ release, hardDependents }: BuildPlan, task: number): boolean {
  return release.hardDependencies === "users" && hardDependents.has(task);
}

/** Whether no user of a setscene task is undecided; one with lost users has none. */
export function areUsersDecided({ plan, setscene }: BuildState, task: number): boolean {
  return setscene.undecidedAbove[task] === 0 || hasLostUsers(plan, task);
}

/** Makes it the turn of the hard dependencies; the task itself waits. */
export function waitForHard(state: BuildState, task: number, hard: readonly number[]): "pass" | "again" {
  let isNew = false;
  for (const dependency of hard) {
    if (state.setscene.neededHard[dependency] === 1) continue;
    state.setscene.neededHard[dependency] = 1;
    makeReady(state, dependency);
    isNew = true;
  }
  state.setscene.waitsForHard[task] = 1;
  updateTurn(state, task);
  return isNew ? "again" : "pass";
}

/** Those which waited for this one, and have no other to wait for, have their turn again. */
export function freeHardDependents(state: BuildState, task: number): void {
  for (const dependent of state.plan.hardDependents.get(task) ?? []) {
    if (state.plan.release.hardDependencies === "users") updateTurn(state, dependent);
    if (state.setscene.waitsForHard[dependent] === 0) continue;
    const hard = state.plan.hardDependencies.get(dependent) ?? [];
    if (hard.some((dependency) => state.setscene.decision[dependency] === 0)) continue;
    state.setscene.waitsForHard[dependent] = 0;
    updateTurn(state, dependent);
  }
}

/**
 * After a rehash that changed hashes, and after a migration, nothing is wanted as a hard dependency any more, and nothing waits for one
 * (runqueue.md section 9, 4): what waited is offered again, and what was wanted may be passed over as not needed meanwhile.
 */
export function forgetWantedHard(state: BuildState): void {
  if (state.plan.hardDependencies.size === 0) return;
  state.setscene.neededHard.fill(0);
  for (const task of state.plan.hardDependencies.keys()) {
    if (state.setscene.waitsForHard[task] === 0) continue;
    state.setscene.waitsForHard[task] = 0;
    updateTurn(state, task);
  }
}
