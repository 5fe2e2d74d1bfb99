import { type DepId, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import type { Task, TaskGraph } from "@depid/task-graph";
import { sketchTask } from "@depid/task-graph/testing";
import { type BuildPlan, compileBuild } from "./plan.ts";
import type { TaskHashes } from "./state.ts";

export { describeOutputReporter } from "./output-reporter-contract.ts";

/** Hashes of a task when nothing but its name matters. */
export function hashesOf(tid: Tid): TaskHashes {
  const hash = sha256Hex(tid);
  return { taskhash: hash as TaskHash, depid: hash as DepId };
}

/** A task of a random graph, which is a list of these. Its name ends in its place in the list. */
export interface DrawnTask {
  /** Number of its recipe. */
  readonly recipe: number;
  readonly setscene: boolean;
  readonly noexec: boolean;
  /** Each one modulo its place is the place of a task it depends on. */
  readonly deps: readonly number[];
}

/** The tasks of a list of drawn ones; each depends only on tasks before it. */
export function tasksOfDrawn(drawn: readonly DrawnTask[]): Task[] {
  const nameOf = (i: number): string => `p${drawn[i]?.recipe}:do_t${i}`;
  return drawn.map(({ recipe, setscene, noexec, deps }, i) => {
    const below = i === 0 ? [] : [...new Set(deps.map((dependency) => dependency % i))];
    return sketchTask(nameOf(i), { setscene, noexec, deps: below.map(nameOf), stamp: `p${recipe}` });
  });
}

/** Depends on what a task is, its version, and the same of its dependencies: what a faithful generator hashes. */
export function digestsOf(graph: TaskGraph, versionOf: (tid: Tid) => number = () => 0): ReadonlyMap<Tid, string> {
  const digests = new Map<Tid, string>();
  for (const tid of graph.generations.flat()) {
    const below = graph.dependenciesOf(tid).map((dependency) => digests.get(dependency));
    digests.set(tid, sha256Hex([tid, versionOf(tid), ...below].join(" ")));
  }
  return digests;
}

/** Taskhashes and depids that are these digests. */
export function hashesFrom(digests: ReadonlyMap<Tid, string>): (tid: Tid) => TaskHashes {
  return (tid) => ({ taskhash: digests.get(tid) as TaskHash, depid: digests.get(tid) as DepId });
}

/** The plan of a build of everything that nothing depends on. */
export function planOfAll(graph: TaskGraph): BuildPlan {
  return compileBuild(graph, { targets: graph.tids.filter((tid) => graph.dependentsOf(tid).length === 0) });
}
