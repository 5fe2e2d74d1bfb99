import type { Tid } from "@depid/hash";
import type { TaskGraph } from "@depid/task-graph";

/**
 * The tasks that a build of these targets looks at: the targets and all they depend on (runqueue.md section 2, 2).
 *
 * @throws {UnknownTaskError} when a target is not in the graph
 */
export function findActiveTasks(graph: TaskGraph, targets: Iterable<Tid>): ReadonlySet<Tid> {
  const active = new Set<Tid>(targets);
  for (const tid of active) {
    for (const dependency of graph.get(tid).execdeps) active.add(dependency);
  }
  return active;
}
