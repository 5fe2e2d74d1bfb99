import { sha256Hex, type Tid } from "@depid/hash";
import { compileBuild } from "@depid/runqueue";
import { type History, type HistoryStep, type Task, TaskGraph } from "@depid/task-graph";
import { Contents } from "./content.ts";
import type { EquivalenceService } from "./equivalence-service.ts";
import { addCounts, type Counts, countFates, findFates, NO_COUNTS } from "./measure.ts";
import type { OutcomeModel } from "./outcome-model.ts";
import { clairvoyant, type Policy } from "./policy.ts";
import { type BuilderKind, PolicyRun } from "./policy-run.ts";

export interface ReplayOptions {
  readonly policies: readonly Policy[];
  readonly outcomes: OutcomeModel;
  readonly service: EquivalenceService;
  /** Begins the policies' name spaces on the server; must be new to the server. No white space. */
  readonly namespace: string;
  readonly builder: BuilderKind;
  /** BB_NUMBER_THREADS of the simulated builds. */
  readonly workers: number;
  /** Decides the random UUIDs of nostamp tasks. */
  readonly seed: number;
  /** Called before each build, which waits for it: the place to let a terminal or a signal have its turn. */
  readonly onProgress?: (progress: ReplayProgress) => void | Promise<void>;
  /** Aborts between builds. */
  readonly signal?: AbortSignal;
}

export interface ReplayProgress {
  readonly step: number;
  readonly steps: number;
  readonly policy: string;
  /** Builds done, and builds in all. */
  readonly done: number;
  readonly builds: number;
}

/** What a replay measured. */
export interface ReplayResult {
  readonly steps: readonly MeasuredStep[];
  readonly policies: readonly MeasuredPolicy[];
}

export interface MeasuredStep {
  readonly step: number;
  readonly id: string;
  readonly date: string;
  readonly commits: HistoryStep["commits"];
  /** Tasks of the capture. */
  readonly tasks: number;
  /** Tasks whose own inputs changed, and tasks that were not there before. */
  readonly changed: number;
  readonly added: number;
}

export interface MeasuredPolicy {
  readonly name: string;
  readonly definition: string;
  /** In the order of the steps. */
  readonly steps: readonly Counts[];
  /** Over all steps but the first, which fills the caches and is the same for all. */
  readonly sum: Counts;
}

/**
 * Builds every step of a history under every policy and measures against the clairvoyant, which is replayed with them.
 * The same input gives the same result on any machine.
 */
export async function replayHistory(history: History, options: ReplayOptions): Promise<ReplayResult> {
  const graph = new TaskGraph([]);
  const contents = new Contents(graph, options.outcomes);
  const runs = [clairvoyant, ...options.policies.filter((policy) => policy.name !== clairvoyant.name)].map(
    (policy) => new PolicyRun(policy, { ...options, graph, contents, method: `${options.namespace}:${policy.name}` }),
  );
  const counts = new Map<string, Counts[]>(runs.map((run) => [run.policy.name, []]));
  const steps: MeasuredStep[] = [];
  let done = 0;
  for (const step of history.steps) {
    const before = replacedRows(graph, step);
    graph.apply(step.change);
    contents.apply(step, before);
    steps.push(measureStep(step, graph, before));
    const plan = compileBuild(graph, { targets: findTargets(graph) });
    const seeds = [...step.change.upsert.map((task) => task.tid), ...step.change.remove];
    const taints = nostampTaints(graph, step, options.seed);
    let needed: ReadonlySet<Tid> = new Set();
    for (const run of runs) {
      await options.onProgress?.({
        step: step.step,
        steps: history.steps.length,
        policy: run.policy.name,
        done: done++,
        builds: history.steps.length * runs.length,
      });
      options.signal?.throwIfAborted();
      const build = await run.build({ plan, seeds, taints });
      const fates = findFates(graph.tids, build);
      if (run.policy === clairvoyant) needed = fates.executed;
      const patient = (await run.buildPatiently(build, { plan, seeds, taints })) ?? fates.executed;
      counts.get(run.policy.name)?.push(countFates(fates, needed, patient, (tid) => run.isStale(tid)));
    }
  }
  return {
    steps,
    policies: options.policies.map(({ name, definition }) => {
      const measured = counts.get(name) ?? [];
      return { name, definition, steps: measured, sum: measured.slice(1).reduce(addCounts, NO_COUNTS) };
    }),
  };
}

/** What was asked for: the tasks that nothing depends on. */
function findTargets(graph: TaskGraph): Tid[] {
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
  return new Map(nostamp.map(({ tid }) => [tid, `nostamp:${sha256Hex(`${seed} ${step} ${tid}`).slice(0, 32)}`]));
}
