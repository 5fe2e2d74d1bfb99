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
import { ObjectCache } from "./run/object-cache.ts";
import { PatientBuilds } from "./run/patient-build.ts";
import { PolicyRun } from "./run/policy-run.ts";
import { createPolicyServer } from "./run/policy-server.ts";
import type { RunOptions, StepInputs } from "./run/run-options.ts";
import type { Topology } from "./topology/topology.ts";
import type { ReplayTurn } from "./turns.ts";
import { type Variation, varyOrders, varySeconds } from "./verify/variation.ts";

/** One builder of a policy. */
interface BuilderReplay {
  readonly run: PolicyRun;
  readonly patient: PatientBuilds;
  readonly tally: Tally;
}

/** The replay of one policy: all builders of a topology, with servers and caches of this policy's own. */
export class PolicyReplay {
  readonly policy: Policy;
  readonly #options: ReplayOptions & Omit<RunOptions, "method">;
  readonly #builders: ReadonlyMap<string, BuilderReplay>;
  readonly #tally = new Tally();

  constructor(policy: Policy, options: ReplayOptions & Omit<RunOptions, "method">, topology: Topology) {
    this.policy = policy;
    this.#options = options;
    this.#builders = createBuilders(policy, options, topology);
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

  /** What was measured. @param steps how many there were */
  measuredIn(steps: number): MeasuredPolicy {
    const { name, definition } = this.policy;
    const { seconds, topology } = this.#options;
    const measured = this.#tally.of(steps, seconds !== undefined);
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
  options: ReplayOptions & Omit<RunOptions, "method">,
  { builders, servers, caches }: Topology,
): ReadonlyMap<string, BuilderReplay> {
  const { namespace, service, objects, contents } = options;
  const methods = new Map(servers.map(({ name }) => [name, `${namespace}:${policy.name}${name && `:${name}`}`]));
  const told = new Map([...methods].map(([name, method]) => [name, createPolicyServer(policy, service, method)]));
  const stores = new Map(caches.map(({ name }) => [name, new ObjectCache(objects, contents.pool)]));
  const depIds = new Set<DepId>();
  return new Map(
    builders.map(({ name, kind, server, sstate }) => {
      const sharesServer = builders.some((it) => it.name !== name && it.server === server);
      const method = methods.get(server) as string;
      const own = { ...options, method, builder: kind, sharesServer };
      const run = new PolicyRun(policy, own, stores.get(sstate), told.get(server), depIds);
      return [name, { run, patient: new PatientBuilds(own), tally: new Tally() }];
    }),
  );
}
