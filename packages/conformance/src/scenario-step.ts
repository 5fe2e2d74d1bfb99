import {
  byCodePoint,
  depIdOf,
  formatSetscene,
  formatTaskName,
  parseBaseHash,
  parseTaskHash,
  sha256Hex,
  splitTid,
  type Tid,
} from "@depid/hash";
import {
  type BuilderState,
  type BuildPlan,
  type BuildWorld,
  compileBuild,
  findTaint,
  parseEnforceExcept,
  prepareBuild,
  type SharedDirectories,
  type SimulatedBuild,
  simulateBuild,
  type TaskHashes,
} from "@depid/runqueue";
import { createTaskCache, type DepIdCache, type DepIdSource, getGenerator, Signatures } from "@depid/siggen";
import type { StampVariant } from "@depid/sstate";
import { type Task, TaskGraph } from "@depid/task-graph";
import { formatRecordedTid, pnOf, type Scenario, ScenarioError, type ScenarioStep } from "./scenario.ts";
import { type BuildArguments, parseBuildArguments } from "./scenario-arguments.ts";
import { forceTasks } from "./scenario-force.ts";
import { sharedDirectoriesOf, stampBasesIn } from "./scenario-layout.ts";
import { isServerDown, outputPorts, serverPorts } from "./scenario-ports.ts";
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
  /** Whether a task failed that was asked to, which it logs. */
  readonly hasLoggedError: boolean;
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
  const shared = sharedDirectoriesOf(scenario);
  const graph = new TaskGraph(tasksOf(scenario, step, recorded));
  const cache = createTaskCache(getBuilder(world, step.builder).depids);
  const generator = generatorOf(scenario, step, world, cache);
  const builder =
    generator.stampHash === "none"
      ? getBuilder(world, step.builder)
      : forceTasks(scenario, step, args, graph, getBuilder(world, step.builder));
  const taints = findStepTaints(step, graph, builder, shared);
  const plan = compileBuild(graph, { ...planOptionsOf(scenario, step, args, pass), sharedDirectories: shared });
  const isComputed = [...(result.hashes?.values() ?? [])].every(([basehash]) => basehash !== null);
  const { reporter, ...declaring } = generator.stampHash === "depid" ? serverPorts(scenario, step, world) : {};
  const prepared = isComputed
    ? await prepareBuild(plan, { signatures: new Signatures(graph, generator), taints }, { cache, ...declaring })
    : { stampHash: generator.stampHash, hashesOf: recordedHashes(result.hashes ?? new Map()) };
  const wrong: string[] = [];
  const build = await simulateBuild(plan, builder, {
    ...buildRulesOf(scenario, step, args, pass),
    workers: pass.workers,
    ...prepared,
    ...outputPorts(scenario, step, world, wrong),
    ...(reporter === undefined ? {} : { reporter }),
  });
  const hashes = new Map(plan.tids.map((tid, place) => [tid, prepared.hashesOf(tid, place)] as const));
  world.builders.set(step.builder, build.builder);
  const { failed, setsceneFailed } = build.summary;
  const hasLoggedError =
    failed.some((tid) => isNamed(step.fail, tid, "real")) ||
    setsceneFailed.some((tid) => isNamed(step.fail, tid, "setscene"));
  return { plan, hashes, taints, build, wrong, hasLoggedError };
}

function generatorOf(scenario: Scenario, step: ScenarioStep, { server }: ScenarioWorld, cache: DepIdCache) {
  const isDown = isServerDown(step);
  const source: DepIdSource = {
    getDepIds: async (queries) => queries.map(({ taskhash }) => (isDown ? undefined : server.findDepId(taskhash))),
  };
  return getGenerator(handlerOf(scenario, step))({ source, method: METHOD, cache });
}

/** BitBake's own layer sets no handler by default, ours EquivHash. */
function handlerOf({ layer, handler }: Scenario, { env }: ScenarioStep): string {
  const named = env.BB_SIGNATURE_HANDLER;
  if (named !== undefined) return named.endsWith("EquivHash") ? "equivhash" : named;
  return handler ?? (layer === "selftest" ? "noop" : "equivhash");
}

function tasksOf(scenario: Scenario, step: ScenarioStep, recorded: Scenario["graphs"][string]): Task[] {
  const { result } = step;
  const queue = scenario.scenequeues[result.scenequeue ?? ""];
  const stampBaseOf = stampBasesIn(scenario, step);
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
      harddeps: queue?.get(tid)?.hard_depends ?? [],
      files: (result.files?.get(tid) ?? []).map(([name, checksum]) => [name, checksum] as const),
      taint: undefined,
      // With --no-setscene no task is recorded as setscene; those with an output hash are sstate tasks all the same.
      setscene: row.setscene || result.outhash[formatTaskName({ pn, task })] !== undefined,
      nostamp: row.nostamp,
      noexec: row.noexec,
      stamp: stampBaseOf(pn),
      stampExtra: "",
      hashfn: "",
    };
  });
}

function byPnid(tids: readonly Tid[]): Tid[] {
  return [...tids].sort((a, b) => byCodePoint(formatRecordedTid(a), formatRecordedTid(b)));
}

/** Taint files, and for nostamp tasks without one the random taint of this run, which is taken from the recording. */
function findStepTaints(step: ScenarioStep, graph: TaskGraph, build: BuilderState, shared: SharedDirectories) {
  const taints = new Map<Tid, string>();
  for (const task of graph.tasks) {
    const taint = findTaint(build, task, shared) ?? (task.nostamp ? step.result.taints?.get(task.tid) : undefined);
    if (taint !== undefined) taints.set(task.tid, taint);
  }
  return taints;
}

function planOptionsOf(scenario: Scenario, { result }: ScenarioStep, args: BuildArguments, pass: Pass) {
  const order = pass.order === "recorded" ? scenario.orders[result.order ?? ""] : undefined;
  return {
    targets: result.targets ?? [],
    noSetscene: args.noSetscene,
    scheduler: scenario.scheduler,
    ...(order?.priority ? { priority: order.priority } : {}),
    ...(order === undefined ? {} : { setsceneOrder: order.setscene_order }),
  };
}

/** Without a handler the taskhash is made of the recipe's path on the recording machine. */
function recordedHashes(rows: ReadonlyMap<Tid, readonly [string | null, string, string]>): (tid: Tid) => TaskHashes {
  return (tid) => {
    const [, hash] = rows.get(tid) ?? missing(tid);
    const taskhash = parseTaskHash(hash);
    return { taskhash, depid: depIdOf(taskhash) };
  };
}

function buildRulesOf(
  scenario: Scenario,
  { env, fail, slow, result }: ScenarioStep,
  args: BuildArguments,
  { seed }: Pass,
) {
  const enforced = env.BB_SETSCENE_ENFORCE === "1";
  const targets = (result.targets ?? []).map(pnOf);
  return {
    sstateClass: scenario.layer !== "selftest",
    force: args.force,
    keepGoing: args.keepGoing,
    dryRun: args.dryRun,
    setsceneOnly: args.setsceneOnly,
    skipSetscene: args.skipSetscene,
    ...(enforced ? { enforceExcept: parseEnforceExcept(env.BB_SETSCENE_ENFORCE_IGNORE_TASKS ?? "", targets) } : {}),
    fails: ({ tid }, variant) => isNamed(fail, tid, variant),
    durationOf: (task, variant) => (isNamed(slow, task.tid, variant) ? 5000 : drawDuration(seed, task, variant)),
  } satisfies Partial<BuildWorld>;
}

/** Whether a step names a task to be slow or to fail: in its configuration, with or without `do_`. */
function isNamed(names: readonly string[], tid: Tid, variant: StampVariant): boolean {
  const real = formatRecordedTid(tid);
  const name = variant === "setscene" ? formatSetscene(real) : real;
  return names.includes(name) || names.includes(name.replace(/:do_([^:]*)$/, ":$1"));
}

/** Anything up to three seconds, at random but the same every time. */
function drawDuration(seed: number, task: Task, variant: string): number {
  if (seed === 0) return 1000;
  return Number.parseInt(sha256Hex(`${seed} ${task.tid} ${variant}`).slice(0, 3), 16) % 3000;
}

function missing(tid: Tid): never {
  throw new ScenarioError("hashes", `expected hashes of ${formatRecordedTid(tid)}, found none`);
}
