import type { Tid } from "@depid/hash";
import type { Task, TaskGraph } from "@depid/task-graph";
import { HardDependencyError } from "./errors.ts";

/**
 * Hard dependencies between setscene tasks of the build, as indices. One on a task that the graph does not have is passed over, as BitBake
 * does when nothing leads to the recipe (runqueue.md section 6).
 *
 * @throws {HardDependencyError} when one is in the graph, and no setscene task of this build
 */
export function indexHardDependencies(
  graph: TaskGraph,
  tasks: readonly Task[],
  indices: Pick<ReadonlyMap<Tid, number>, "get">,
  setscene: Uint8Array,
): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  for (const [task, { tid, harddeps }] of tasks.entries()) {
    if (harddeps.length === 0 || setscene[task] === 0) continue;
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
  }
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
