import type { History } from "@depid/task-graph";
import type { ReplayOptions } from "../options.ts";
import type { OutcomeChain } from "../outcomes/outcome-chain.ts";
import type { Policy } from "../policies/policy.ts";
import { replayHistory } from "../replay.ts";
import type { MeasuredPolicy } from "../result.ts";
import type { BytesOf, CacheSize } from "../run/pruning.ts";
import { type PruneRule, singleBuilder, type Topology } from "../topology/topology.ts";

/** What it costs to keep less: the same history with caches pruned by several rules. */
export interface RetentionCurve {
  readonly policy: string;
  /** With nothing removed. */
  readonly all: RetentionCost;
  /** In the order of the rules. */
  readonly points: readonly RetentionPoint[];
}

/** What a policy cost over all steps but the first, with what its caches held. */
export interface RetentionCost {
  readonly executed: number;
  readonly restored: number;
  /** Serial, of executing and restoring; `undefined` where no durations are known. */
  readonly seconds: number | undefined;
  /** What all caches together held at most at the end of a step. */
  readonly most: CacheSize;
}

export interface RetentionPoint extends RetentionCost {
  readonly rule: PruneRule;
}

export interface RetentionOptions
  extends Omit<ReplayOptions, "outcomes" | "topologyOf" | "neededIn" | "onBuild" | "samples"> {
  /** A new chain: each replay has one of its own. */
  readonly createOutcomes: () => OutcomeChain;
  readonly bytesOf: BytesOf;
  /** Where limits are not given: bytes are halves, quarters and so on of what is kept if all is kept, steps powers of two. */
  readonly bytes?: readonly number[];
  readonly steps?: readonly number[];
}

/** How often what all takes is halved. */
const HALVINGS = 4;

/**
 * Replays a history with caches that keep all, and then pruned by each rule with each limit. Limits are the same for all policies; caches that a topology prunes
 * are pruned by these rules instead.
 */
export async function measureRetention(
  history: History,
  options: RetentionOptions,
): Promise<{ readonly rules: readonly PruneRule[]; readonly curves: readonly RetentionCurve[] }> {
  const { policies, topology = singleBuilder(options.builder), onProgress } = options;
  const replay = async (asked: readonly Policy[], topologyOf: (policy: Policy) => Topology, name: string) => {
    const result = await replayHistory(history, {
      ...options,
      countsTiming: false,
      outcomes: options.createOutcomes(),
      namespace: `${options.namespace}:${name}`,
      policies: asked,
      topology,
      topologyOf,
      ...(onProgress && { onProgress }),
    });
    return result.policies.map(costOf);
  };
  const all = await replay(policies, () => pruned(topology, undefined), "all");
  const total = Math.max(...all.map(({ most }) => most.bytes));
  const rules = rulesOf(options, total, history.steps.length);
  const variants = policies.flatMap((policy) =>
    rules.map((rule, i) => ({ rule, policy: { ...policy, name: `${policy.name}:${i}` } })),
  );
  const ruleOf = new Map(variants.map(({ policy, rule }) => [policy.name, rule]));
  const costs = await replay(
    variants.map(({ policy }) => policy),
    (policy) => pruned(topology, ruleOf.get(policy.name)),
    "pruned",
  );
  return {
    rules,
    curves: policies.map(({ name }, place) => ({
      policy: name,
      all: all[place] as RetentionCost,
      points: rules.map((rule, i) => ({ rule, ...(costs[place * rules.length + i] as RetentionCost) })),
    })),
  };
}

function rulesOf({ bytes, steps }: RetentionOptions, total: number, length: number): readonly PruneRule[] {
  const halves = Array.from({ length: HALVINGS }, (_, i) => Math.round(total / 2 ** (i + 1))).filter((it) => it > 0);
  const powers = [2, 4, 8, 16, 32, 64].filter((it) => it < length);
  const limits = (bytes ?? halves).toSorted((a, b) => b - a);
  const ages = (steps ?? powers).toSorted((a, b) => b - a);
  return [
    ...(["lru", "size"] as const).flatMap((rule) => limits.map((bytes) => ({ rule, bytes }))),
    ...(["unused", "age"] as const).flatMap((rule) => ages.map((steps) => ({ rule, steps }))),
  ];
}

function pruned(topology: Topology, prune: PruneRule | undefined): Topology {
  return { ...topology, caches: topology.caches.map(({ name }) => ({ name, ...(prune && { prune }) })) };
}

function costOf({ sum, time, caches = [] }: MeasuredPolicy): RetentionCost {
  const steps = caches[0]?.sizes.length ?? 0;
  let most: CacheSize = { objects: 0, bytes: 0 };
  for (let step = 0; step < steps; step++) {
    const held = caches.reduce(
      (held, { sizes }) => ({
        objects: held.objects + (sizes[step]?.objects ?? 0),
        bytes: held.bytes + (sizes[step]?.bytes ?? 0),
      }),
      { objects: 0, bytes: 0 },
    );
    if (held.bytes >= most.bytes) most = held;
  }
  return {
    executed: sum.executed,
    restored: sum.restored,
    seconds: time && time.sum.serial.executed + time.sum.serial.restored,
    most,
  };
}
