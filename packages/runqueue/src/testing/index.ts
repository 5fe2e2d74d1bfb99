import { type DepId, isDepId, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import type { Task, TaskGraph } from "@depid/task-graph";
import { sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { type BuildPlan, compileBuild } from "../plan.ts";
import type { TaskHashes } from "../task-hashes.ts";
import type { OutputReport, OutputReporter } from "../world.ts";

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
  /** Whether the setscene tasks that it depends on are hard dependencies. */
  readonly hard?: boolean;
  /** Each one modulo its place is the place of a task it depends on. */
  readonly deps: readonly number[];
}

/** The tasks of a list of drawn ones; each depends only on tasks before it. */
export function tasksOfDrawn(drawn: readonly DrawnTask[]): Task[] {
  const nameOf = (i: number): string => `p${drawn[i]?.recipe}:do_t${i}`;
  return drawn.map(({ recipe, setscene, noexec, hard, deps }, i) => {
    const below = i === 0 ? [] : [...new Set(deps.map((dependency) => dependency % i))];
    const task = sketchTask(nameOf(i), { setscene, noexec, deps: below.map(nameOf), stamp: `p${recipe}` });
    if (hard !== true || !setscene) return task;
    return { ...task, harddeps: below.filter((j) => drawn[j]?.setscene).map((j) => sketchTask(nameOf(j)).tid) };
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

/**
 * The contract of `OutputReporter`: every implementation runs it.
 *
 * @param open gives a reporter to whose server nothing was reported yet, and which knows an output for any task; called once
 *   per test
 */
export function describeOutputReporter(name: string, open: () => OutputReporter | Promise<OutputReporter>): void {
  describe(`${name} as an OutputReporter`, () => {
    it("answers an empty batch with an empty one", async () => {
      const reporter = await open();
      expect(await reporter.report([])).toEqual([]);
    });
    it("answers each report with a depid, in the order of the reports", async () => {
      const reporter = await open();
      const answers = await reporter.report([reportOf("a:do_x"), reportOf("b:do_x")]);
      expect(answers.map(isDepId)).toEqual([true, true]);
      expect(await reporter.report([reportOf("b:do_x"), reportOf("a:do_x")])).toEqual([answers[1], answers[0]]);
    });
    it("answers a first report of an output with the depid that was sent", async () => {
      const reporter = await open();
      const report = reportOf("a:do_x");
      expect(await reporter.report([report])).toEqual([report.depid]);
    });
    it("never changes an answer", async () => {
      const reporter = await open();
      const [first] = await reporter.report([reportOf("a:do_x")]);
      const again = { ...reportOf("a:do_x"), depid: sha256Hex("another") as DepId };
      expect(await reporter.report([again])).toEqual([first]);
    });
  });
}

function reportOf(name: string): OutputReport {
  const hash = sha256Hex(name);
  return { task: sketchTask(name, { setscene: true }), taskhash: hash as TaskHash, depid: hash as DepId };
}
