import {
  byCodePoint,
  depIdOf,
  parseBaseHash,
  parseTaskHash,
  type StampHash,
  sha256Hex,
  splitTid,
  type Tid,
} from "@depid/hash";
import {
  addTaint,
  type BuilderState,
  type BuildPlan,
  type BuildWorld,
  compileBuild,
  findTaint,
  parseEnforceExcept,
  type SimulatedBuild,
  simulateBuild,
  type TaskHashes,
} from "@depid/runqueue";
import { computeSignatures, createTaskCache, type DepIdCache, type DepIdSource, getGenerator } from "@depid/siggen";
import { type Task, TaskGraph } from "@depid/task-graph";
import { formatRecordedTid, pnOf, type Scenario, ScenarioError, type ScenarioStep } from "./scenario.ts";
import { type BuildArguments, parseBuildArguments } from "./scenario-arguments.ts";
import { outputPorts, serverPorts } from "./scenario-ports.ts";
import { METHOD } from "./scenario-server.ts";
import { getBuilder, type ScenarioWorld } from "./scenario-world.ts";

/** A step that was simulated. */
export interface SimulatedStep {
  readonly plan: BuildPlan;
  /** Hashes at the start. */
  readonly hashes: ReadonlyMap<Tid, TaskHashes>;
  /** Taints at the start. */
  readonly taints: ReadonlyMap<Tid, string>;
  readonly build: SimulatedBuild;
  /** What was restored though it is not what a clean build has. */
  readonly wrong: readonly string[];
}

/** How a scenario is gone through. */
export interface Pass {
  /** The recorded order of equals, or that of the packages. */
  readonly order: "recorded" | "own";
  readonly workers: number;
  /** Tells durations apart: the same seed gives the same ones. 0: all take a second. */
  readonly seed: number;
}

/** As it was recorded. */
export function recordedPass(scenario: Scenario): Pass {
  return { order: "recorded", workers: scenario.threads ?? scenario.recorded_with.threads ?? 1, seed: 0 };
}

/** Whether a pass must take the recorded decisions one by one. Otherwise only sets can be compared. */
export function isOrdered({ order, workers }: Pass): boolean {
  return order === "recorded" && workers === 1;
}

/**
 * Builds as the step did: in its builder's directory, with the sstate cache and the server as they are. Outputs are
 * reported with the recorded output hashes; everything else is computed.
 *
 * @returns `undefined` when BitBake stopped before there was a graph
 */
export async function simulateStep(
  scenario: Scenario,
  step: ScenarioStep,
  world: ScenarioWorld,
  pass: Pass,
): Promise<SimulatedStep | undefined> {
  const { result } = step;
  const recorded = scenario.graphs[result.graph ?? ""];
  if (recorded === undefined) return undefined;
  const args = parseBuildArguments(step.args);
  const graph = new TaskGraph(tasksOf(step, recorded));
  const cache = createTaskCache(getBuilder(world, step.builder).depids);
  const generator = generatorOf(scenario, step, world, cache);
  const builder = taintTargets(step, args, graph, getBuilder(world, step.builder), generator.stampHash);
  const taints = findStepTaints(step, graph, builder);
  const plan = compileBuild(graph, planOptionsOf(scenario, step, args, pass));
  const setscene = new Set(plan.tids.filter((_, i) => plan.setscene[i] === 1));
  const isComputed = [...(result.hashes?.values() ?? [])].every(([basehash]) => basehash !== null);
  const hashes = isComputed
    ? await computeHashes(graph, generator, setscene, taints)
    : recordedHashes(result.hashes ?? new Map());
  const wrong: string[] = [];
  const build = await simulateBuild(plan, builder, {
    ...buildRulesOf(scenario, step, args, pass),
    workers: pass.workers,
    hashesOf: (tid) => hashes.get(tid) ?? missing(tid),
    stampHash: generator.stampHash,
    ...outputPorts(scenario, step, world, wrong),
    ...(generator.name === "equivhash" ? { ...serverPorts(scenario, step, world), generator, taints, cache } : {}),
  });
  world.builders.set(step.builder, build.builder);
  return { plan, hashes, taints, build, wrong };
}

function generatorOf(scenario: Scenario, step: ScenarioStep, { server }: ScenarioWorld, cache: DepIdCache) {
  const source: DepIdSource = {
    getDepIds: async (queries) => queries.map(({ taskhash }) => server.findDepId(taskhash)),
  };
  return getGenerator(handlerOf(scenario, step))({ source, method: METHOD, cache });
}

/** BitBake's own layer sets no handler by default, ours EquivHash. */
function handlerOf({ layer, handler }: Scenario, { env }: ScenarioStep): string {
  const named = env.BB_SIGNATURE_HANDLER;
  if (named !== undefined) return named.endsWith("EquivHash") ? "equivhash" : named;
  return handler ?? (layer === "selftest" ? "noop" : "equivhash");
}

function tasksOf({ result }: ScenarioStep, recorded: Scenario["graphs"][string]): Task[] {
  return [...recorded].map(([tid, row]) => {
    const basehash = result.hashes?.get(tid)?.[0];
    const { task } = splitTid(tid);
    const pn = pnOf(tid);
    return {
      tid,
      pn,
      task,
      version: "",
      basehash: parseBaseHash(basehash ?? "0".repeat(64)),
      hashdeps: row.hash_depends ?? byPnid(row.depends),
      execdeps: row.depends,
      files: (result.files?.get(tid) ?? []).map(([name, checksum]) => [name, checksum] as const),
      taint: undefined,
      // With --no-setscene no task is recorded as setscene; those with an output hash are sstate tasks all the same.
      setscene: row.setscene || result.outhash[`${pn}:${task}`] !== undefined,
      nostamp: row.nostamp,
      noexec: row.noexec,
      stamp: pn,
      stampExtra: "",
      hashfn: "",
    };
  });
}

function byPnid(tids: readonly Tid[]): Tid[] {
  return [...tids].sort((a, b) => byCodePoint(formatRecordedTid(a), formatRecordedTid(b)));
}

/** `-f` and `-C` write taint files; their random content is taken from the recording. */
function taintTargets(
  step: ScenarioStep,
  args: BuildArguments,
  graph: TaskGraph,
  builder: BuilderState,
  stampHash: StampHash,
): BuilderState {
  if (stampHash === "none") return builder;
  const targets = step.result.targets ?? [];
  const wanted = new Set<Tid>(args.force ? targets : []);
  for (const target of targets) {
    for (const task of args.clearStamps) wanted.add(target.replace(/[^:]+$/, task) as Tid);
  }
  return [...wanted].reduce((tainted, tid) => {
    const task = graph.find(tid);
    const taint = step.result.taints?.get(tid);
    return task === undefined || task.nostamp || taint === undefined ? tainted : addTaint(tainted, task, taint);
  }, builder);
}

/** Taint files, and for nostamp tasks without one the random taint of this run, which is taken from the recording. */
function findStepTaints(step: ScenarioStep, graph: TaskGraph, build: BuilderState) {
  const taints = new Map<Tid, string>();
  for (const task of graph.tasks) {
    const taint = findTaint(build, task) ?? (task.nostamp ? step.result.taints?.get(task.tid) : undefined);
    if (taint !== undefined) taints.set(task.tid, taint);
  }
  return taints;
}

function planOptionsOf(scenario: Scenario, { result }: ScenarioStep, args: BuildArguments, pass: Pass) {
  const order = pass.order === "recorded" ? scenario.orders[result.order ?? ""] : undefined;
  const queue = scenario.scenequeues[result.scenequeue ?? ""];
  return {
    targets: result.targets ?? [],
    noSetscene: args.noSetscene,
    scheduler: scenario.scheduler,
    ...(order?.priority ? { priority: order.priority } : {}),
    ...(order === undefined ? {} : { setsceneOrder: order.setscene_order }),
    hardDependencies: new Map([...(queue ?? [])].map(([tid, row]) => [tid, row.hard_depends] as const)),
  };
}

async function computeHashes(
  graph: TaskGraph,
  generator: ReturnType<typeof generatorOf>,
  setscene: ReadonlySet<Tid>,
  taints: ReadonlyMap<Tid, string>,
): Promise<ReadonlyMap<Tid, TaskHashes>> {
  const signatures = await computeSignatures(graph, generator, { setscene, taints });
  return new Map(graph.tids.map((tid) => [tid, signatures.get(tid)] as const));
}

/** Without a handler the taskhash is made of the recipe's path on the recording machine. */
function recordedHashes(rows: ReadonlyMap<Tid, readonly [string | null, string, string]>) {
  return new Map([...rows].map(([tid, [, hash]]) => [tid, hashesFrom(hash)] as const));
}

function hashesFrom(hash: string): TaskHashes {
  const taskhash = parseTaskHash(hash);
  return { taskhash, depid: depIdOf(taskhash) };
}

function buildRulesOf(
  scenario: Scenario,
  { env, fail, slow, result }: ScenarioStep,
  args: BuildArguments,
  { seed }: Pass,
) {
  const enforced = env.BB_SETSCENE_ENFORCE === "1";
  const targets = (result.targets ?? []).map(pnOf);
  const isNamed = (names: readonly string[], { pn, task }: Task, variant: string): boolean => {
    const suffix = variant === "setscene" ? "_setscene" : "";
    return names.includes(`${pn}:${task}${suffix}`) || names.includes(`${pn}:${task.replace(/^do_/, "")}${suffix}`);
  };
  return {
    sstateClass: scenario.layer !== "selftest",
    force: args.force,
    keepGoing: args.keepGoing,
    dryRun: args.dryRun,
    setsceneOnly: args.setsceneOnly,
    skipSetscene: args.skipSetscene,
    ...(enforced ? { enforceExcept: parseEnforceExcept(env.BB_SETSCENE_ENFORCE_IGNORE_TASKS ?? "", targets) } : {}),
    answers: "adopt",
    fails: (task, variant) => isNamed(fail, task, variant),
    durationOf: (task, variant) => (isNamed(slow, task, variant) ? 5000 : drawDuration(seed, task, variant)),
  } satisfies Partial<BuildWorld>;
}

/** Anything up to three seconds, at random but the same every time. */
function drawDuration(seed: number, task: Task, variant: string): number {
  if (seed === 0) return 1000;
  return Number.parseInt(sha256Hex(`${seed} ${task.tid} ${variant}`).slice(0, 3), 16) % 3000;
}

function missing(tid: Tid): never {
  throw new ScenarioError("hashes", `expected hashes of ${formatRecordedTid(tid)}, found none`);
}
