import type { Tid } from "@depid/hash";
import { nostampTaints, type ReplayStep } from "./steps.ts";
import { buildsIn, type Topology, type TopologyBuilder } from "./topology/topology.ts";

/** A build that is due: a builder has pulled a step. */
export interface ReplayTurn extends ReplayStep {
  readonly builder: TopologyBuilder;
}

/** The builders that build in a step, in their order. */
export function buildersIn({ builders }: Topology, step: number): readonly TopologyBuilder[] {
  return builders.filter((it) => buildsIn(it, step));
}

/** Follows what each builder of a topology has not built yet: who pulls seldom has all changes since at once. */
export class Turns {
  readonly #topology: Topology;
  readonly #seed: number;
  /** What changed in steps that a builder passed over. */
  readonly #missed = new Map<TopologyBuilder, { readonly seeds: Set<Tid>; readonly truths: Set<Tid> }>();

  /** @param seed decides the random taints of nostamp tasks */
  constructor(topology: Topology, seed: number) {
    this.#topology = topology;
    this.#seed = seed;
  }

  /** The builds of a step; each is to be done before the next is asked for. */
  *of(step: ReplayStep): Generator<ReplayTurn> {
    for (const [place, builder] of this.#topology.builders.entries()) {
      const { seeds, truths } = step.inputs;
      const missed = this.#missed.get(builder);
      if (buildsIn(builder, step.step.step)) {
        this.#missed.delete(builder);
        const all = missed && { seeds: [...missed.seeds, ...seeds], truths: [...missed.truths, ...truths] };
        // Each builder has nostamp taints of its own; the first one those of a replay without others.
        const taints = place > 0 && { taints: nostampTaints(step.inputs.plan, step.step, this.#seed, builder.name) };
        yield { ...step, builder, inputs: all || taints ? { ...step.inputs, ...all, ...taints } : step.inputs };
      } else if (missed === undefined) this.#missed.set(builder, { seeds: new Set(seeds), truths: new Set(truths) });
      else {
        for (const tid of seeds) missed.seeds.add(tid);
        for (const tid of truths) missed.truths.add(tid);
      }
    }
  }
}
