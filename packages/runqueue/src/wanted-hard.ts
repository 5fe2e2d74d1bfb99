import type { BuildPlan } from "./plan.ts";
import { updateTurn } from "./sets.ts";
import type { BuildState } from "./state/state.ts";

/** Before 2.8, a task on which others depend hard has no users of its own, so that it is ready from the start and never not needed. */
export function hasLostUsers({ release, hardDependents }: BuildPlan, task: number): boolean {
  return release.hardDependencies === "users" && hardDependents.has(task);
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
