import { type BuildSummary, compileBuild } from "@depid/runqueue";
import type { HistoryStep } from "@depid/task-graph";
import { addCounts, addTimes, type BuildTime, type Counts, Fates, NO_COUNTS, NO_TIME } from "./measure/fates.ts";
import { measureBuild } from "./measure/measure-build.ts";
import { SecondsTable } from "./measure/task-seconds.ts";
import { addTraffic, NO_TRAFFIC, type Traffic } from "./measure/traffic.ts";
import type { ReplayedBuild, ReplayOptions } from "./options.ts";
import type { Policy } from "./policies/policy.ts";
import type { MeasuredPolicy } from "./result.ts";
import { PatientBuilds } from "./run/patient-build.ts";
import { PolicyRun } from "./run/policy-run.ts";
import type { RunOptions, StepInputs } from "./run/run-options.ts";
import type { ReplayStep } from "./steps.ts";
import { type Variation, varyOrders, varySeconds } from "./verify/variation.ts";

/** The replay of one policy. */
export class PolicyReplay {
  readonly policy: Policy;
  readonly #options: ReplayOptions & RunOptions;
  readonly #run: PolicyRun;
  readonly #patient: PatientBuilds;
  readonly #counts: Counts[] = [];
  readonly #times: BuildTime[] = [];
  readonly #traffic: Traffic[] = [];

  constructor(policy: Policy, options: ReplayOptions & Omit<RunOptions, "method">) {
    this.policy = policy;
    this.#options = { ...options, method: `${options.namespace}:${policy.name}` };
    this.#run = new PolicyRun(policy, this.#options);
    this.#patient = new PatientBuilds(this.#options);
  }

  /** @param needed what became of tasks in the clairvoyant's build of this step. Default, for the clairvoyant itself: its own */
  async build({ step, inputs }: ReplayStep, needed?: Fates): Promise<ReplayedBuild> {
    const { graph, contents, seconds } = this.#options;
    const { plan } = inputs;
    this.#patient.begin(inputs);
    const samples = needed === undefined ? [] : await this.#buildSamples(step, inputs);
    const { outcome, isStale, start, traffic } = await this.#run.build(inputs);
    const fates = Fates.of(outcome);
    const patient =
      start && this.#options.countsTiming !== false ? await this.#patient.build(start, inputs) : undefined;
    const reference = {
      needed: needed ?? fates,
      patient: patient === undefined ? fates : Fates.of(patient),
      isStale,
    };
    const { wallTime } = outcome;
    const { counts, time } = measureBuild({ plan, wallTime, fates }, reference, seconds?.of(plan));
    this.#counts.push(counts);
    this.#traffic.push(traffic);
    if (time !== undefined) this.#times.push(time);
    const timed = time === undefined ? {} : { time };
    return {
      step,
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

  /** What was measured so far. */
  get measured(): MeasuredPolicy {
    const { name, definition } = this.policy;
    const steps = this.#counts;
    const times = this.#times;
    const isTimed = this.#options.seconds !== undefined;
    return {
      name,
      definition,
      steps,
      sum: steps.slice(1).reduce(addCounts, NO_COUNTS),
      traffic: { steps: this.#traffic, sum: this.#traffic.slice(1).reduce(addTraffic, NO_TRAFFIC) },
      ...(isTimed ? { time: { steps: times, sum: times.slice(1).reduce(addTimes, NO_TIME) } } : {}),
    };
  }

  /** Builds a step as it might go as well, from the state that the run is in. */
  async #buildSamples(step: HistoryStep, inputs: StepInputs): Promise<BuildSummary[]> {
    const { graph, samples = 0, spread = 0.3, secondsOf = () => 1, seed } = this.#options;
    const built: BuildSummary[] = [];
    for (let sample = 0; sample < samples; sample++) {
      const variation: Variation = { seed: `${seed} ${step.step} ${sample}`, spread };
      const trial = this.#run.fork({ stepwise: true, seconds: new SecondsTable(varySeconds(secondsOf, variation)) });
      const orders = varyOrders(inputs.plan, variation);
      const plan = compileBuild(graph, { release: inputs.plan.release, ...orders });
      const { simulated } = (await trial.build({ ...inputs, plan })).outcome;
      if (simulated !== undefined) built.push(simulated.summary);
    }
    return built;
  }
}
