import { formatTid, splitTid, type Tid } from "@depid/hash";
import type { TaskGraph } from "@depid/task-graph";

/** What the command line asks for, as far as it selects tasks. Task names are with `do_`. */
export interface Selection {
  readonly targets: Iterable<Tid>;
  /** `-c X-`: only what the targets depend on. */
  readonly onlyBelow?: boolean;
  /** `--runall T`: these tasks of every recipe that the targets lead to, and what they need, in place of the targets. */
  readonly runAll?: readonly string[];
  /** `--runonly T`: of all that, only these tasks and what they need. */
  readonly runOnly?: readonly string[];
}

/**
 * The tasks that a build looks at (runqueue.md section 2, 2).
 *
 * @throws {UnknownTaskError} when a target is not in the graph
 */
export function selectTasks(graph: TaskGraph, { targets, onlyBelow, runAll, runOnly }: Selection): ReadonlySet<Tid> {
  const asked = onlyBelow === true ? [...targets].flatMap((tid) => graph.get(tid).execdeps) : targets;
  let active = findActiveTasks(graph, asked);
  if (runAll !== undefined && runAll.length > 0)
    active = findActiveTasks(graph, findTasksOfRecipes(graph, active, runAll));
  if (runOnly !== undefined && runOnly.length > 0) {
    const names = new Set(runOnly);
    active = findActiveTasks(
      graph,
      [...active].filter((tid) => names.has(splitTid(tid).task)),
    );
  }
  return active;
}

/**
 * The targets and all they depend on.
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

function findTasksOfRecipes(graph: TaskGraph, tids: Iterable<Tid>, names: readonly string[]): Set<Tid> {
  const found = new Set<Tid>();
  for (const tid of tids) {
    for (const task of names) {
      const wanted = formatTid({ ...splitTid(tid), task });
      if (graph.has(wanted)) found.add(wanted);
    }
  }
  return found;
}
