import type { DepId } from "@depid/hash";
import { type BuildSummary, compileBuild } from "@depid/runqueue";
import type { HistoryStep } from "@depid/task-graph";
import { Fates } from "./measure/fates.ts";
import { measureBuild } from "./measure/measure-build.ts";
import { Tally } from "./measure/tally.ts";
import { SecondsTable } from "./measure/task-seconds.ts";
import type { ReplayedBuild, ReplayOptions } from "./options.ts";
import type { Policy } from "./policies/policy.ts";
import type { MeasuredPolicy } from "./result.ts";
import { PatientBuilds } from "./run/patient-build.ts";
import { PolicyRun } from "./run/policy-run.ts";
import type { RunOptions, StepInputs } from "./run/run-options.ts";
import { SiteCaches } from "./site/site-caches.ts";
import { SiteServers } from "./site/site-servers.ts";
import type { Topology } from "./topology/topology.ts";
import type { BuilderContents, Contents } from "./truth/truth.ts";
import type { ReplayTurn } from "./turns.ts";
import { type Variation, varyOrders, varySeconds } from "./verify/variation.ts";

/** One builder of a policy. */
interface BuilderReplay {
  readonly run: PolicyRun;
  readonly patient: PatientBuilds;
  readonly tally: Tally;
}

/** What all policies of a replay share. */
export interface PolicyReplayOptions extends ReplayOptions, Omit<RunOptions, "method" | "contents" | "builder"> {
  readonly contents: Contents;
  /** As a builder has them, where that is otherwise. */
  readonly contentsOf?: ReadonlyMap<string, BuilderContents>;
}

/** The replay of one policy: all builders of a topology, with servers and caches of this policy's own. */
export class PolicyReplay {
  readonly policy: Policy;
  readonly #options: PolicyReplayOptions;
  readonly #builders: ReadonlyMap<string, BuilderReplay>;
  readonly #caches: SiteCaches;
  readonly #servers: SiteServers;
  readonly #tally = new Tally();

  constructor(policy: Policy, options: PolicyReplayOptions, topology: Topology) {
    this.policy = policy;
    this.#options = options;
    this.#caches = new SiteCaches(options, topology);
    this.#servers = new SiteServers(policy, options, topology, this.#caches);
    this.#builders = createBuilders(policy, options, topology, this.#caches, this.#servers);
  }

  /** @param needed what became of tasks in the clairvoyant's build of this turn. Default, for the clairvoyant itself: its own */
  async build({ step, builder, inputs }: ReplayTurn, needed?: Fates): Promise<ReplayedBuild> {
    const { graph, contents, seconds } = this.#options;
    const { run, patient: patientBuilds, tally } = this.#builders.get(builder.name) as BuilderReplay;
    const { plan } = inputs;
    patientBuilds.begin(inputs);
    const samples = needed === undefined ? [] : await this.#buildSamples(run, step, inputs);
    const { outcome, isStale, hashesOf, start, traffic } = await run.build(inputs);
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
      patient: reference.patient,
      isStale,
      hashesOf,
      counts,
      ...timed,
      samples,
    };
  }

  /** A step begins. */
  beginStep(step: number): void {
    this.#caches.begin(step);
    this.#servers.begin(step);
  }

  /** All builders have built a step: what no rule keeps is removed. */
  endStep(step: number): void {
    this.#caches.end(step);
    this.#servers.end(step);
  }

  /** What was measured. @param steps how many there were */
  measuredIn(steps: number): MeasuredPolicy {
    const { name, definition } = this.policy;
    const { seconds, topology } = this.#options;
    const watched = this.#caches.sizes;
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

/** The builders of a topology, with what they share. */
function createBuilders(
  policy: Policy,
  options: PolicyReplayOptions,
  { builders }: Topology,
  caches: SiteCaches,
  servers: SiteServers,
): ReadonlyMap<string, BuilderReplay> {
  const depIds = new Set<DepId>();
  return new Map(
    builders.map((builder) => {
      const { name, kind } = builder;
      const { server, method, isConstant } = servers.of(builder);
      const sharesServer = !isConstant || builders.some((it) => it.name !== name && it.server === builder.server);
      const contents = options.contentsOf?.get(name) ?? options.contents;
      const own = { ...options, contents, method, builder: kind, sharesServer };
      const run = new PolicyRun(policy, own, caches.of(builder), server, depIds);
      return [name, { run, patient: new PatientBuilds(own), tally: new Tally() }];
    }),
  );
}
