import { byCodePoint, depIdOf, parseBaseHash, parseDepId, parseTaskHash, splitTid, type Tid } from "@depid/hash";
import {
  addTaint,
  type BuildPlan,
  type BuildWorld,
  compileBuild,
  findTaint,
  parseEnforceExcept,
  type SimulatedBuild,
  simulateBuild,
  type TaskHashes,
} from "@depid/runqueue";
import { computeSignatures, type DepIdSource, getGenerator } from "@depid/siggen";
import { type Task, TaskGraph } from "@depid/task-graph";
import { formatRecordedTid, pnOf, type Scenario, ScenarioError, type ScenarioStep } from "./scenario.ts";
import { type BuildArguments, parseBuildArguments } from "./scenario-arguments.ts";
import { outputPorts, reporterOf } from "./scenario-ports.ts";
import { findServerRows, getBuilder, METHOD, type ScenarioWorld } from "./scenario-world.ts";

/** A step that was simulated. */
export interface SimulatedStep {
  readonly plan: BuildPlan;
  /** Hashes at the start. */
  readonly hashes: ReadonlyMap<Tid, TaskHashes>;
  /** Taints at the start. */
  readonly taints: ReadonlyMap<Tid, string>;
  readonly build: SimulatedBuild;
  /** Rows the server got, as `<taskhash> <depid>`. */
  readonly rows: readonly string[];
}

/** How a scenario is gone through. */
export interface Pass {
  /** The recorded order of equals, or that of the packages. */
  readonly order: "recorded" | "own";
  readonly workers: number;
}

/** As it was recorded. */
export function recordedPass(scenario: Scenario): Pass {
  return { order: "recorded", workers: scenario.threads ?? scenario.recorded_with.threads ?? 1 };
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
  const builder = getBuilder(world, step.builder);
  const generator = generatorOf(scenario, step, world);
  const graph = new TaskGraph(tasksOf(step, recorded));
  if (generator.stampHash !== "none") taintTargets(step, args, graph, world);
  const taints = findStepTaints(step, graph, builder.build);
  const plan = compileBuild(graph, planOptionsOf(scenario, step, args, pass));
  const setscene = new Set(plan.tids.filter((_, i) => plan.setscene[i] === 1));
  const isComputed = [...(result.hashes?.values() ?? [])].every(([basehash]) => basehash !== null);
  const hashes = isComputed
    ? await computeHashes(graph, generator, setscene, taints)
    : recordedHashes(result.hashes ?? new Map());
  const reports: string[] = [];
  const build = await simulateBuild(plan, builder.build, {
    ...buildRulesOf(scenario, step, args),
    workers: pass.workers,
    hashesOf: (tid) => hashes.get(tid) ?? missing(tid),
    stampHash: generator.stampHash,
    ...outputPorts(scenario, step, world),
    ...(generator.name === "equivhash" ? { reporter: reporterOf(step, world, reports) } : {}),
  });
  builder.build = build.builder;
  return { plan, hashes, taints, build, rows: await rowsOf(world, reports) };
}

function generatorOf(scenario: Scenario, step: ScenarioStep, world: ScenarioWorld) {
  const source: DepIdSource = {
    getDepIds: async (queries) => {
      const found = await findServerRows(
        world,
        queries.map((query) => query.taskhash),
      );
      return found.map((depid) => (depid === undefined ? undefined : parseDepId(depid)));
    },
  };
  const { cache } = getBuilder(world, step.builder);
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
function taintTargets(step: ScenarioStep, args: BuildArguments, graph: TaskGraph, world: ScenarioWorld): void {
  const builder = getBuilder(world, step.builder);
  const targets = step.result.targets ?? [];
  const wanted = new Set<Tid>(args.force ? targets : []);
  for (const target of targets) {
    for (const task of args.clearStamps) wanted.add(target.replace(/[^:]+$/, task) as Tid);
  }
  for (const tid of wanted) {
    const task = graph.find(tid);
    const taint = step.result.taints?.get(tid);
    if (task === undefined || task.nostamp || taint === undefined) continue;
    builder.build = addTaint(builder.build, task, taint);
  }
}

/** Taint files, and for nostamp tasks without one the random taint of this run, which is taken from the recording. */
function findStepTaints(step: ScenarioStep, graph: TaskGraph, build: SimulatedBuild["builder"]) {
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

function buildRulesOf(scenario: Scenario, { env, fail, slow, result }: ScenarioStep, args: BuildArguments) {
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
    durationOf: (task, variant) => (isNamed(slow, task, variant) ? 5000 : 1000),
  } satisfies Partial<BuildWorld>;
}

async function rowsOf(world: ScenarioWorld, taskhashes: readonly string[]): Promise<readonly string[]> {
  const depids = await findServerRows(world, taskhashes);
  return taskhashes.map((taskhash, i) => `${taskhash} ${depids[i]}`);
}

function missing(tid: Tid): never {
  throw new ScenarioError("hashes", `expected hashes of ${formatRecordedTid(tid)}, found none`);
}
