import type { Tid } from "@depid/hash";
import type { BuildPlan } from "@depid/runqueue";
import type { TaskGraph } from "@depid/task-graph";
import { ReplayError } from "./errors.ts";
import { OutHashExtra } from "./outhash-extra.ts";
import type { StepInputs } from "./run/run-options.ts";
import { nostampTaints, type ReplayStep } from "./steps.ts";
import { TargetPlan } from "./target-plan.ts";
import { buildsIn, type Topology, type TopologyBuilder } from "./topology/topology.ts";

/** A build that is due: a builder has pulled a step. */
export interface ReplayTurn extends ReplayStep {
  readonly builder: TopologyBuilder;
}

/** The builders that build in a step, in their order. */
export function buildersIn({ builders }: Topology, step: number): readonly TopologyBuilder[] {
  return builders.filter((it) => buildsIn(it, step));
}

/**
 * How many builds are due in these steps.
 *
 * @throws {ReplayError} when a builder has none, or something is to happen in a step that is none of them: what never comes was not meant so
 */
export function countTurns(topology: Topology, steps: readonly { readonly step: number }[]): number {
  const last = steps.at(-1)?.step ?? 0;
  for (const { what, at } of happenings(topology))
    if (at > last) throw new ReplayError(`${what}: expected one of the steps 0 to ${last}, found ${at}`);
  let due = 0;
  for (const builder of topology.builders) {
    const own = steps.filter(({ step }) => buildsIn(builder, step)).length;
    if (own === 0) {
      throw new ReplayError(
        `builder ${builder.name}: expected that it builds in one of the steps 0 to ${last}, found none`,
      );
    }
    due += own;
  }
  return due;
}

/** What a topology says of single steps. */
function* happenings({ builders, servers }: Topology): Generator<{ readonly what: string; readonly at: number }> {
  for (const { name, unreachable = [] } of builders)
    for (const at of unreachable) yield { what: `builder ${name}: unreachable`, at };
  for (const { name, unreachable = [], lost = [] } of servers) {
    for (const at of unreachable) yield { what: `server ${name}: unreachable`, at };
    for (const { at } of lost) yield { what: `server ${name}: lost`, at };
  }
}

/** Follows what each builder of a topology has not built yet: who pulls seldom has all changes since at once. */
export class Turns {
  readonly #graph: TaskGraph;
  readonly #seed: number;
  readonly #pulls: readonly Pulls[];
  readonly #own: ReadonlyMap<string, { readonly changed: readonly Tid[] }>;

  /**
   * @param seed decides the random taints of nostamp tasks
   * @param own what builders have a truth of their own, by name
   */
  constructor(
    graph: TaskGraph,
    topology: Topology,
    seed: number,
    own: ReadonlyMap<string, { readonly changed: readonly Tid[] }> = new Map(),
  ) {
    this.#graph = graph;
    this.#seed = seed;
    this.#own = own;
    this.#pulls = topology.builders.map((it) => new Pulls(it));
  }

  /**
   * The builds of a step; each is to be done before the next is asked for.
   *
   * @throws {ReplayError} when no target of a builder is there
   */
  *of(common: ReplayStep): Generator<ReplayTurn> {
    for (const [place, pulls] of this.#pulls.entries()) {
      const { builder } = pulls;
      const truths = this.#own.get(builder.name)?.changed;
      const step = truths === undefined ? common : { ...common, inputs: { ...common.inputs, truths } };
      if (!buildsIn(builder, step.step.step)) {
        pulls.miss(step.inputs);
        continue;
      }
      const inputs = pulls.take(step, this.#graph);
      const { plan } = inputs;
      // Each builder has nostamp taints and runs of its own; the first one those of a replay without others.
      const own = place > 0 && {
        taints: nostampTaints(plan, step.step, this.#seed, builder.name),
        runs: step.runsOf?.(builder.name),
      };
      yield { ...step, builder, inputs: own ? { ...inputs, ...own } : inputs };
    }
  }
}

/** What one builder builds, from pull to pull. */
class Pulls {
  readonly builder: TopologyBuilder;
  readonly #targets: TargetPlan | undefined;
  #extra: { readonly of: BuildPlan["dependencies"]; readonly extra: OutHashExtra } | undefined;
  /** What changed in steps that it passed over. */
  #missed: { readonly seeds: Set<Tid>; readonly truths: Set<Tid> } | undefined;

  constructor(builder: TopologyBuilder) {
    this.builder = builder;
    this.#targets = builder.targets && new TargetPlan(builder.targets);
  }

  /** It passes a step over. */
  miss({ seeds, truths }: StepInputs): void {
    this.#missed ??= { seeds: new Set(), truths: new Set() };
    for (const tid of seeds) this.#missed.seeds.add(tid);
    for (const tid of truths) this.#missed.truths.add(tid);
  }

  /** It builds a step. */
  take({ step, inputs }: ReplayStep, graph: TaskGraph): StepInputs {
    const missed = this.#missed;
    this.#missed = undefined;
    const all =
      missed === undefined
        ? inputs
        : {
            ...inputs,
            seeds: [...missed.seeds, ...inputs.seeds],
            truths: [...missed.truths, ...inputs.truths],
          };
    if (this.#targets === undefined) return all;
    const plan = this.#targets.of(graph, inputs.plan);
    if (plan === undefined) {
      const { name, targets = [] } = this.builder;
      throw new ReplayError(
        `builder ${name}: expected a task of ${targets.join(", ")} in step ${step.step}, found none`,
      );
    }
    const taints = new Map([...inputs.taints].filter(([tid]) => plan.indices.get(tid) !== undefined));
    return { ...all, plan, taints, extra: inputs.extra && this.#extraOf(plan) };
  }

  #extraOf(plan: BuildPlan): OutHashExtra {
    if (this.#extra?.of !== plan.dependencies) this.#extra = { of: plan.dependencies, extra: new OutHashExtra(plan) };
    return this.#extra.extra;
  }
}
