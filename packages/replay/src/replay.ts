import { sha256Hex, type Tid } from "@depid/hash";
import {
  type BuildSummary,
  compileBuild,
  createDepValid,
  NEWEST_RELEASE,
  type ReleaseRules,
  type SimulatedBuild,
} from "@depid/runqueue";
import type { StampVariant } from "@depid/sstate";
import {
  assumeHardDependencies,
  type History,
  type HistoryStep,
  type OutHashExtra as OutHashExtraKind,
  settingsAt,
  type Task,
  TaskGraph,
} from "@depid/task-graph";
import { criticalPathOf } from "./critical-path.ts";
import type { EquivalenceService } from "./equivalence-service.ts";
import {
  addCounts,
  addTimes,
  type BuildTime,
  type Counts,
  countFates,
  type Fates,
  findFates,
  NO_COUNTS,
  NO_TIME,
  type SecondsOf,
  sumFates,
} from "./measure.ts";
import type { OutcomeChain } from "./outcomes/outcome-chain.ts";
import { OutHashExtra } from "./outhash-extra.ts";
import { clairvoyant, type Policy } from "./policy.ts";
import { type BuilderKind, PolicyRun, type StepInputs } from "./policy-run.ts";
import { Contents } from "./truth/truth.ts";
import { type Variation, varyOrders, varySeconds } from "./verify/variation.ts";

export interface ReplayOptions {
  readonly policies: readonly Policy[];
  /** What is known of outputs. Counts what its sources decide, so a chain serves one replay. */
  readonly outcomes: OutcomeChain;
  readonly service: EquivalenceService;
  /** Begins the policies' name spaces on the server; must be new to the server. No white space. */
  readonly namespace: string;
  readonly builder: BuilderKind;
  /** BB_NUMBER_THREADS of the simulated builds. */
  readonly workers: number;
  /** Decides the random UUIDs of nostamp tasks. */
  readonly seed: number;
  /** Rules of the release of BitBake. Default: the newest. */
  readonly release?: ReleaseRules;
  /** What outhashes hold beside the output. Default: what the history says; OE-Core's if it says nothing. */
  readonly outhashExtra?: OutHashExtraKind;
  /** Names of tasks whose output names its own hash, with `do_`. Default: none. */
  readonly unique?: ReadonlySet<string>;
  /** Seconds that tasks take, for builds in time and for sums. Default: none are known, and each task of a build takes one. */
  readonly secondsOf?: SecondsOf;
  /** Builds each step so often again from the same state, each time varied, for an envelope around it. Default: never. */
  readonly samples?: number;
  /** How far the durations of samples stray. Default: 0.3. */
  readonly spread?: number;
  /** Sees each build when it is done, in the order of steps, the clairvoyant's first. */
  readonly onBuild?: (build: ReplayedBuild) => void | Promise<void>;
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

/** One build of a replay. */
export interface ReplayedBuild {
  readonly step: HistoryStep;
  readonly policy: Policy;
  readonly graph: TaskGraph;
  readonly build: SimulatedBuild;
  readonly fates: Fates;
  /** Executed by the clairvoyant in this step. */
  readonly needed: ReadonlySet<Tid>;
  readonly isStale: (tid: Tid) => boolean;
  readonly counts: Counts;
  /** The same step built again, each time varied: durations, and the order of equals. */
  readonly samples: readonly BuildSummary[];
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
  /** The same in seconds, if durations are known. */
  readonly time?: { readonly steps: readonly BuildTime[]; readonly sum: BuildTime };
}

/**
 * Builds every step of a history under every policy and measures against the clairvoyant, which is replayed with them.
 * The same input gives the same result on any machine.
 *
 * @throws {ReplayError} when an outcome names a commit that no step has
 */
export async function replayHistory(history: History, options: ReplayOptions): Promise<ReplayResult> {
  const { secondsOf, release = NEWEST_RELEASE } = options;
  const graph = new TaskGraph([]);
  const contents = new Contents(graph, options.outcomes, options.unique);
  const namesItself = (task: Task): boolean => contents.namesItself(task);
  const shared = { ...options, graph, contents, namesItself };
  const runs = [clairvoyant, ...options.policies.filter((policy) => policy.name !== clairvoyant.name)].map(
    (policy) => new PolicyRun(policy, { ...shared, method: `${options.namespace}:${policy.name}` }),
  );
  const counts = new Map<string, Counts[]>(runs.map((run) => [run.policy.name, []]));
  const times = new Map<string, BuildTime[]>(runs.map((run) => [run.policy.name, []]));
  const steps: MeasuredStep[] = [];
  let done = 0;
  for (const [place, step] of history.steps.entries()) {
    const before = replacedRows(graph, step);
    const { settings, assumed } = settingsAt(history.steps, place);
    graph.apply(step.change);
    if (assumed) assumeHarddeps(graph);
    await contents.apply(step, before);
    steps.push(measureStep(step, graph, before));
    const plan = compileBuild(graph, { targets: findTargets(graph), release });
    const inputs: StepInputs = {
      plan,
      seeds: [...step.change.upsert.map((task) => task.tid), ...step.change.remove],
      taints: nostampTaints(graph, step, options.seed),
      depValid: createDepValid(settings.excludedSysroots),
      extra: (options.outhashExtra ?? settings.outhashExtra) === "oe-core" ? new OutHashExtra(plan) : undefined,
    };
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
      const samples = run.policy === clairvoyant ? [] : await buildSamples(run, graph, step, inputs, options);
      const build = await run.build(inputs);
      const fates = findFates(graph.tids, build);
      if (run.policy === clairvoyant) needed = fates.executed;
      const patient = (await run.buildPatiently(build, inputs)) ?? fates.executed;
      const isStale = (tid: Tid): boolean => run.isStale(tid);
      const measured = countFates(fates, needed, patient, isStale);
      counts.get(run.policy.name)?.push(measured);
      if (secondsOf !== undefined) {
        const of = (tid: Tid, variant: StampVariant): number => {
          const task = graph.get(tid);
          return task.noexec && variant === "real" ? 0 : secondsOf(task, variant);
        };
        times.get(run.policy.name)?.push({
          serial: sumFates(fates, needed, patient, isStale, of),
          wall: build.summary.wallTime / 1000,
          critical: criticalPathOf(plan, fates, of),
        });
      }
      await options.onBuild?.({
        step,
        policy: run.policy,
        graph,
        build,
        fates,
        needed,
        isStale,
        counts: measured,
        samples,
      });
    }
  }
  return {
    steps,
    policies: options.policies.map(({ name, definition }) => {
      const measured = counts.get(name) ?? [];
      const timed = times.get(name) ?? [];
      return {
        name,
        definition,
        steps: measured,
        sum: measured.slice(1).reduce(addCounts, NO_COUNTS),
        ...(secondsOf === undefined ? {} : { time: { steps: timed, sum: timed.slice(1).reduce(addTimes, NO_TIME) } }),
      };
    }),
  };
}

/** Builds a step as it might go as well, from the state that the run is in. */
async function buildSamples(
  run: PolicyRun,
  graph: TaskGraph,
  step: HistoryStep,
  inputs: StepInputs,
  { samples = 0, spread = 0.3, secondsOf = () => 1, seed }: ReplayOptions,
): Promise<BuildSummary[]> {
  const built: BuildSummary[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const variation: Variation = { seed: `${seed} ${step.step} ${sample}`, spread };
    const trial = run.fork({ secondsOf: varySeconds(secondsOf, variation) });
    const orders = varyOrders(inputs.plan, variation);
    const plan = compileBuild(graph, { targets: findTargets(graph), release: inputs.plan.release, ...orders });
    built.push((await trial.build({ ...inputs, plan })).summary);
  }
  return built;
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
