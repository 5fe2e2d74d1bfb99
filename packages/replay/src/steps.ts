import { NOSTAMP_TAINT, sha256Hex, type Tid } from "@depid/hash";
import { compileBuild, createDepValid, NEWEST_RELEASE } from "@depid/runqueue";
import {
  assumeHardDependencies,
  type History,
  type HistoryStep,
  settingsAt,
  type Task,
  type TaskGraph,
} from "@depid/task-graph";
import type { ReplayOptions } from "./options.ts";
import { OutHashExtra } from "./outhash-extra.ts";
import type { MeasuredStep } from "./result.ts";
import type { StepInputs } from "./run/run-options.ts";
import type { Contents } from "./truth/truth.ts";

/** A step that is applied to the graph and ready to be built. */
export interface ReplayStep {
  readonly step: HistoryStep;
  readonly measured: MeasuredStep;
  readonly inputs: StepInputs;
}

/**
 * Applies a history to a graph and to the truth, step by step; what is given holds until the next is asked for. One plan serves all policies.
 *
 * @throws {ReplayError} when an outcome names a commit that no step so far has
 */
export async function* followHistory(
  { steps }: History,
  graph: TaskGraph,
  contents: Contents,
  { seed, outhashExtra, release = NEWEST_RELEASE }: Pick<ReplayOptions, "seed" | "outhashExtra" | "release">,
): AsyncGenerator<ReplayStep> {
  for (const [place, step] of steps.entries()) {
    const before = replacedRows(graph, step);
    const { settings, assumed } = settingsAt(steps, place);
    graph.apply(step.change);
    if (assumed) assumeHarddeps(graph);
    await contents.apply(step, before);
    const plan = compileBuild(graph, { targets: findTargets(graph), release });
    const inputs: StepInputs = {
      plan,
      seeds: [...step.change.upsert.map((task) => task.tid), ...step.change.remove],
      taints: nostampTaints(graph, step, seed),
      depValid: createDepValid(settings.excludedSysroots),
      extra: (outhashExtra ?? settings.outhashExtra) === "oe-core" ? new OutHashExtra(plan) : undefined,
    };
    yield { step, measured: measureStep(step, graph, before), inputs };
  }
}

/** Where nobody recorded hard dependencies, tasks get those that OE-Core has. */
function assumeHarddeps(graph: TaskGraph): void {
  const upsert: Task[] = [];
  for (const [tid, harddeps] of assumeHardDependencies(graph.tasks)) {
    const task = graph.get(tid);
    if (task.harddeps.join() !== harddeps.join()) upsert.push({ ...task, harddeps });
  }
  if (upsert.length > 0) graph.apply({ upsert, remove: [] });
}

/** What was asked for: the tasks that nothing depends on. */
export function findTargets(graph: TaskGraph): Tid[] {
  const below = new Set(graph.tasks.flatMap((task) => task.execdeps));
  return graph.tids.filter((tid) => !below.has(tid));
}

function replacedRows(graph: TaskGraph, { change }: HistoryStep): Task[] {
  const rows: Task[] = [];
  for (const tid of [...change.remove, ...change.upsert.map((task) => task.tid)]) {
    const row = graph.find(tid);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function measureStep(step: HistoryStep, graph: TaskGraph, before: readonly Task[]): MeasuredStep {
  const old = new Set(before.map((task) => task.tid));
  const changed = step.change.upsert.filter((task) => old.has(task.tid)).length;
  const { step: number, id, date, commits } = step;
  return { step: number, id, date, commits, tasks: graph.size, changed, added: step.change.upsert.length - changed };
}

/** A nostamp task has a random UUID for a taint, made once per build (runqueue.md section 3); here the seed decides it. */
function nostampTaints(graph: TaskGraph, { step }: HistoryStep, seed: number): ReadonlyMap<Tid, string> {
  const nostamp = graph.tasks.filter((task) => task.nostamp);
  return new Map(
    nostamp.map(({ tid }) => [tid, `${NOSTAMP_TAINT}${sha256Hex(`${seed} ${step} ${tid}`).slice(0, 32)}`]),
  );
}
