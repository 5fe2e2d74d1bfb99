import type { Tid } from "@depid/hash";
import type { Task, TaskGraph } from "@depid/task-graph";
import { HardDependencyError } from "./errors.ts";
import type { BuildPlan } from "./plan.ts";
import { updateTurn } from "./sets.ts";
import type { BuildState } from "./state.ts";

/**
 * Hard dependencies between setscene tasks of the build, as indices. One on a task that the graph does not have is passed over, as BitBake
 * does when nothing leads to the recipe (runqueue.md section 6).
 *
 * @throws {HardDependencyError} when one is in the graph, and no setscene task of this build
 */
export function indexHardDependencies(
  graph: TaskGraph,
  tasks: readonly Task[],
  indices: ReadonlyMap<Tid, number>,
  setscene: Uint8Array,
): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  tasks.forEach(({ tid, harddeps }, task) => {
    if (harddeps.length === 0 || setscene[task] === 0) return;
    const wanted = new Set<number>();
    for (const dependency of harddeps) {
      const index = indices.get(dependency);
      if (index !== undefined && setscene[index] === 1) wanted.add(index);
      else if (graph.has(dependency)) throw new HardDependencyError(tid, dependency);
    }
    if (wanted.size > 0)
      found.set(
        task,
        [...wanted].sort((a, b) => a - b),
      );
  });
  return found;
}

/** The same seen from the other end. Ascending. */
export function invertHardDependencies(
  hard: ReadonlyMap<number, readonly number[]>,
): ReadonlyMap<number, readonly number[]> {
  const inverse = new Map<number, number[]>();
  for (const [task, wanted] of [...hard].sort(([a], [b]) => a - b)) {
    for (const dependency of wanted) {
      const dependents = inverse.get(dependency);
      if (dependents === undefined) inverse.set(dependency, [task]);
      else dependents.push(task);
    }
  }
  return inverse;
}

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
  state.neededHard.fill(0);
  for (const task of state.plan.hardDependencies.keys()) {
    if (state.waitsForHard[task] === 0) continue;
    state.waitsForHard[task] = 0;
    updateTurn(state, task);
  }
}
