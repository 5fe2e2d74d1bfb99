import { NOSTAMP_TAINT, sha256Hex, type Tid } from "@depid/hash";
import { type BuildPlan, compileBuild, createDepValid, NEWEST_RELEASE, replaceTasks } from "@depid/runqueue";
import {
  type BuildSettings,
  type History,
  type HistoryStep,
  settingsAt,
  type Task,
  type TaskGraph,
} from "@depid/task-graph";
import { AssumedHarddeps } from "./assumed-harddeps.ts";
import type { ReplayOptions } from "./options.ts";
import { createRunDraws } from "./outcomes/irreproducible.ts";
import { OutHashExtra } from "./outhash-extra.ts";
import type { MeasuredStep } from "./result.ts";
import type { StepInputs } from "./run/run-options.ts";
import type { Contents } from "./truth/truth.ts";

/** A step that is applied to the graph and ready to be built. */
export interface ReplayStep {
  readonly step: HistoryStep;
  readonly measured: MeasuredStep;
  readonly inputs: StepInputs;
  /** What comes of runs in the build of a builder; of the one there is, in `inputs`. `undefined`: all tasks are reproducible. */
  readonly runsOf: ((builder: string) => StepInputs["runs"]) | undefined;
}

/**
 * Applies a history to a graph and to the truth, step by step; what is given holds until the next is asked for. One plan serves all policies, and as long as
 * the graph keeps its shape, all steps.
 *
 * @throws {ReplayError} when an outcome names a commit that no step so far has
 */
export async function* followHistory(
  { steps }: History,
  graph: TaskGraph,
  contents: Contents,
  {
    seed,
    outhashExtra,
    release = NEWEST_RELEASE,
    irreproducible,
  }: Pick<ReplayOptions, "seed" | "outhashExtra" | "release" | "irreproducible">,
): AsyncGenerator<ReplayStep> {
  const harddeps = new AssumedHarddeps(graph);
  let plan: BuildPlan | undefined;
  let extra: OutHashExtra | undefined;
  let inForce: BuildSettings | undefined;
  let depValid = createDepValid();
  const drawRun = irreproducible && createRunDraws(irreproducible);
  for (const [place, step] of steps.entries()) {
    const before = replacedRows(graph, step);
    const { settings, assumed } = settingsAt(steps, place);
    const { upsert, remove } = step.change;
    graph.apply(step.change);
    const assumedRows = assumed ? harddeps.follow(step.change, before) : [];
    await contents.apply(step, before);
    const rows = [...upsert, ...assumedRows].map(({ tid }) => graph.get(tid));
    const kept = plan && remove.length === 0 ? replaceTasks(plan, rows) : undefined;
    plan = kept ?? compileBuild(graph, { release });
    if (settings !== inForce) depValid = createDepValid(settings.excludedSysroots);
    inForce = settings;
    if ((outhashExtra ?? settings.outhashExtra) !== "oe-core") extra = undefined;
    else if (kept === undefined || extra === undefined) extra = new OutHashExtra(plan);
    const changed = [...upsert.map((task) => task.tid), ...remove];
    const runsOf =
      drawRun &&
      ((builder: string) => (slot: number) => drawRun(contents.slots.keyOf(slot), `${step.step} ${builder}`));
    const inputs: StepInputs = {
      plan,
      seeds: changed,
      taints: nostampTaints(plan, step, seed),
      depValid,
      extra,
      truths: contents.changed,
      runs: runsOf?.(""),
    };
    yield { step, measured: measureStep(step, graph, before), inputs, runsOf };
  }
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

/**
 * A nostamp task has a random UUID for a taint, made once per build (runqueue.md section 3); here the seed decides it.
 *
 * @param builder name of who builds. Default: the one there is
 */
export function nostampTaints(
  { nostamp, tids }: Pick<BuildPlan, "nostamp" | "tids">,
  { step }: Pick<HistoryStep, "step">,
  seed: number,
  builder?: string,
): ReadonlyMap<Tid, string> {
  const build = builder === undefined ? `${seed} ${step}` : `${seed} ${step} ${builder}`;
  const taintOf = (tid: Tid): string => `${NOSTAMP_TAINT}${sha256Hex(`${build} ${tid}`).slice(0, 32)}`;
  return new Map(nostamp.map((task) => [tids[task] as Tid, taintOf(tids[task] as Tid)]));
}
