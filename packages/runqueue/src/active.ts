import { formatTid, splitTid, type Tid } from "@depid/hash";
import type { TaskGraph } from "@depid/task-graph";
import { NEWEST_RELEASE, type ReleaseRules } from "./release.ts";

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

/** What a command line comes to. */
export interface SelectedBuild {
  /** The tasks that the build looks at, for `compileBuild`. */
  readonly active: ReadonlySet<Tid>;
  /** Its targets, for `compileBuild`: what was asked for, and what `--runall` adds. They need not be active. */
  readonly targets: ReadonlySet<Tid>;
  /** What `-f` taints, active or not: the targets, and what `--runall` and `--runonly` select of any recipe. nostamp tasks are left out. */
  readonly forced: ReadonlySet<Tid>;
}

/**
 * Works out what a command line selects (runqueue.md section 2, 2 and 5).
 *
 * @throws {UnknownTaskError} when a target is not in the graph
 */
export function selectBuild(
  graph: TaskGraph,
  { targets: asked, onlyBelow, runAll = [], runOnly = [] }: Selection,
  release: Pick<ReleaseRules, "runAll"> = NEWEST_RELEASE,
): SelectedBuild {
  const targets = new Set(asked);
  const forced = new Set(targets);
  let active = findActiveTasks(
    graph,
    onlyBelow === true ? [...targets].flatMap((tid) => graph.get(tid).execdeps) : targets,
  );
  for (let known = new Set<Tid>(), isNew = runAll.length > 0; isNew; ) {
    const found = findTasksOfRecipes(graph, active, runAll);
    active = findActiveTasks(graph, found);
    for (const tid of found) forced.add(tid);
    if (release.runAll === "once") break;
    for (const tid of found) targets.add(tid);
    isNew = [...found].some((tid) => !known.has(tid));
    known = found;
  }
  if (runOnly.length > 0) {
    const names = new Set(runOnly);
    const found = [...active].filter((tid) => names.has(splitTid(tid).task));
    active = findActiveTasks(graph, found);
    for (const tid of found) forced.add(tid);
  }
  return { active, targets, forced: new Set([...forced].filter((tid) => !graph.get(tid).nostamp)) };
}

/**
 * The tasks that a build looks at: `active` of `selectBuild`.
 *
 * @throws {UnknownTaskError} when a target is not in the graph
 */
export function selectTasks(
  graph: TaskGraph,
  selection: Selection,
  release?: Pick<ReleaseRules, "runAll">,
): ReadonlySet<Tid> {
  return selectBuild(graph, selection, release).active;
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
