import type { DepId } from "@depid/hash";
import { type BuildSummary, compileBuild } from "@depid/runqueue";
import type { HistoryStep } from "@depid/task-graph";
import { ReplayError } from "./errors.ts";
import { Fates } from "./measure/fates.ts";
import { measureBuild } from "./measure/measure-build.ts";
import { Tally } from "./measure/tally.ts";
import { SecondsTable } from "./measure/task-seconds.ts";
import type { ReplayedBuild, ReplayOptions } from "./options.ts";
import type { Policy } from "./policies/policy.ts";
import type { MeasuredPolicy } from "./result.ts";
import { ObjectCache } from "./run/object-cache.ts";
import { PatientBuilds } from "./run/patient-build.ts";
import { PolicyRun } from "./run/policy-run.ts";
import { createPolicyServer } from "./run/policy-server.ts";
import { type CacheSize, Pruning } from "./run/pruning.ts";
import type { RunOptions, StepInputs } from "./run/run-options.ts";
import type { Topology } from "./topology/topology.ts";
import type { Content } from "./truth/content.ts";
import type { ReplayTurn } from "./turns.ts";
import { type Variation, varyOrders, varySeconds } from "./verify/variation.ts";

/** One builder of a policy. */
interface BuilderReplay {
  readonly run: PolicyRun;
  readonly patient: PatientBuilds;
  readonly tally: Tally;
}

/** A cache with who follows what it holds, and what that was at the end of each step. */
interface WatchedCache {
  readonly cache: ObjectCache<Content>;
  readonly pruning: Pruning | undefined;
  readonly sizes: CacheSize[];
}

/** The replay of one policy: all builders of a topology, with servers and caches of this policy's own. */
export class PolicyReplay {
  readonly policy: Policy;
  readonly #options: ReplayOptions & Omit<RunOptions, "method">;
  readonly #builders: ReadonlyMap<string, BuilderReplay>;
  readonly #caches: ReadonlyMap<string, WatchedCache>;
  readonly #tally = new Tally();

  constructor(policy: Policy, options: ReplayOptions & Omit<RunOptions, "method">, topology: Topology) {
    this.policy = policy;
    this.#options = options;
    this.#caches = createCaches(options, topology);
    this.#builders = createBuilders(policy, options, topology, this.#caches);
  }

  /** @param needed what became of tasks in the clairvoyant's build of this turn. Default, for the clairvoyant itself: its own */
  async build({ step, builder, inputs }: ReplayTurn, needed?: Fates): Promise<ReplayedBuild> {
    const { graph, contents, seconds } = this.#options;
    const { run, patient: patientBuilds, tally } = this.#builders.get(builder.name) as BuilderReplay;
    const { plan } = inputs;
    patientBuilds.begin(inputs);
    const samples = needed === undefined ? [] : await this.#buildSamples(run, step, inputs);
    const { outcome, isStale, start, traffic } = await run.build(inputs);
    const fates = Fates.of(outcome);
    const patient =
      start && this.#options.countsTiming !== false ? await patientBuilds.build(start, inputs) : undefined;
    const reference = {
      needed: needed ?? fates,
      patient: patient === undefined ? fates : Fates.of(patient),
      isStale,
    };
    const { wallTime } = outcome;
    const { counts, time } = measureBuild({ plan, wallTime, fates }, reference, seconds?.of(plan));
    for (const it of [tally, this.#tally]) it.add(step.step, counts, traffic, time);
    const timed = time === undefined ? {} : { time };
    return {
      step,
      builder: builder.name,
      policy: this.policy,
      graph,
      decided: contents.decided,
      plan,
      outcome,
      fates,
      needed: reference.needed,
      isStale,
      counts,
      ...timed,
      samples,
    };
  }

  /** All builders have built a step: caches are pruned. */
  endStep(step: number): void {
    for (const { cache, pruning, sizes } of this.#caches.values())
      if (pruning !== undefined) sizes.push(pruning.end(step, cache));
  }

  /** What was measured. @param steps how many there were */
  measuredIn(steps: number): MeasuredPolicy {
    const { name, definition } = this.policy;
    const { seconds, topology } = this.#options;
    const watched = [...this.#caches].flatMap(([name, { pruning, sizes }]) => (pruning ? [{ name, sizes }] : []));
    const caches = watched.length === 0 ? {} : { caches: watched };
    const measured = { ...this.#tally.of(steps, seconds !== undefined), ...caches };
    if (topology === undefined) return { name, definition, ...measured };
    const builders = [...this.#builders].map(([name, { tally }]) => ({
      name,
      builds: tally.builds,
      ...tally.of(steps, seconds !== undefined),
    }));
    return { name, definition, ...measured, builders };
  }

  /** Builds a step as it might go as well, from the state that the run is in. */
  async #buildSamples(run: PolicyRun, step: HistoryStep, inputs: StepInputs): Promise<BuildSummary[]> {
    const { graph, samples = 0, spread = 0.3, secondsOf = () => 1, seed } = this.#options;
    const built: BuildSummary[] = [];
    for (let sample = 0; sample < samples; sample++) {
      const variation: Variation = { seed: `${seed} ${step.step} ${sample}`, spread };
      const trial = run.fork({ stepwise: true, seconds: new SecondsTable(varySeconds(secondsOf, variation)) });
      const orders = varyOrders(inputs.plan, variation);
      const plan = compileBuild(graph, { release: inputs.plan.release, ...orders });
      const { simulated } = (await trial.build({ ...inputs, plan })).outcome;
      if (simulated !== undefined) built.push(simulated.summary);
    }
    return built;
  }
}

/** The caches of a policy. @throws {ReplayError} when one is to be pruned by size, and sizes are not known */
function createCaches(
  { objects, contents, bytesOf }: ReplayOptions & Omit<RunOptions, "method">,
  { caches }: Topology,
): ReadonlyMap<string, WatchedCache> {
  return new Map(
    caches.map(({ name, prune }) => {
      if (prune !== undefined && "bytes" in prune && bytesOf === undefined)
        throw new ReplayError(`cache ${name}, pruned by ${prune.rule}: expected sizes of sstate objects, found none`);
      const isWatched = prune !== undefined || bytesOf !== undefined;
      const pruning = isWatched ? new Pruning(objects, bytesOf ?? (() => 0), prune) : undefined;
      return [name, { cache: new ObjectCache(objects, contents.pool, undefined, pruning), pruning, sizes: [] }];
    }),
  );
}

/** The builders of a topology, with what they share. */
function createBuilders(
  policy: Policy,
  options: ReplayOptions & Omit<RunOptions, "method">,
  { builders, servers }: Topology,
  caches: ReadonlyMap<string, WatchedCache>,
): ReadonlyMap<string, BuilderReplay> {
  const { namespace, service } = options;
  const methods = new Map(servers.map(({ name }) => [name, `${namespace}:${policy.name}${name && `:${name}`}`]));
  const told = new Map([...methods].map(([name, method]) => [name, createPolicyServer(policy, service, method)]));
  const depIds = new Set<DepId>();
  return new Map(
    builders.map(({ name, kind, server, sstate }) => {
      const sharesServer = builders.some((it) => it.name !== name && it.server === server);
      const method = methods.get(server) as string;
      const own = { ...options, method, builder: kind, sharesServer };
      const run = new PolicyRun(policy, own, caches.get(sstate)?.cache, told.get(server), depIds);
      return [name, { run, patient: new PatientBuilds(own), tally: new Tally() }];
    }),
  );
}
