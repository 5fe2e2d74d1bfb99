import { splitTid, type Tid } from "@depid/hash";
import { addTaint, type BuilderState } from "@depid/runqueue";
import type { TaskGraph } from "@depid/task-graph";
import { pnOf, type Scenario, type ScenarioStep } from "./scenario.ts";
import type { BuildArguments } from "./scenario-arguments.ts";
import { sharedDirectoriesOf, stampBasesIn } from "./scenario-layout.ts";

/**
 * The builder after `-f` and `-C` wrote taint files: for targets, be they active or not, and, with `-f`, for what `--runall` and
 * `--runonly` select (runqueue.md section 10). Their random content is taken from the recording.
 */
export function forceTasks(
  scenario: Scenario,
  step: ScenarioStep,
  args: BuildArguments,
  graph: TaskGraph,
  builder: BuilderState,
): BuilderState {
  const targets = step.result.targets ?? [];
  const wanted = new Set<Tid>();
  if (args.force) {
    for (const tid of targets) wanted.add(tid);
    const selected = new Set([...args.runAll, ...args.runOnly]);
    for (const tid of graph.tids) if (selected.has(splitTid(tid).task)) wanted.add(tid);
  }
  for (const target of targets) {
    for (const task of args.clearStamps) wanted.add(target.replace(/[^:]+$/, task) as Tid);
  }
  const stampBaseOf = stampBasesIn(scenario, step);
  const shared = sharedDirectoriesOf(scenario);
  let tainted = builder;
  for (const tid of wanted) {
    if (isNostamp(scenario, step, graph, tid)) continue;
    const taint = taintOf(scenario, step, tid);
    if (taint === undefined) continue;
    tainted = addTaint(tainted, { tid, task: splitTid(tid).task, stamp: stampBaseOf(pnOf(tid)) }, taint, shared);
  }
  return tainted;
}

/** Of a task that is not in this step's graph, what the graph of an earlier step says. */
function isNostamp({ steps, graphs }: Scenario, step: ScenarioStep, graph: TaskGraph, tid: Tid): boolean {
  const task = graph.find(tid);
  if (task !== undefined) return task.nostamp;
  const before = steps.slice(0, steps.indexOf(step)).reverse();
  return (
    before.map(({ result }) => graphs[result.graph ?? ""]?.get(tid)).find((row) => row !== undefined)?.nostamp ?? false
  );
}

/**
 * The taint that a step gave a task. One that was not active has no taint recorded in the step: then what a later step of the builder has;
 * if none looks at the task, what is in the file makes no difference.
 */
function taintOf({ steps, graphs }: Scenario, step: ScenarioStep, tid: Tid): string | undefined {
  const { taints, graph } = step.result;
  const own = taints?.get(tid);
  if (own !== undefined || graph === undefined || graphs[graph]?.has(tid) === true) return own;
  const later = steps.slice(steps.indexOf(step) + 1).filter(({ builder }) => builder === step.builder);
  return later.map(({ result }) => result.taints?.get(tid)).find((taint) => taint !== undefined) ?? "not recorded";
}
