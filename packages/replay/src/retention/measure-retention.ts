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
}

/** The limits that are tried. */
export interface RetentionLimits {
  /** Default: halves, quarters and so on of what is kept if all is kept. */
  readonly bytes?: readonly number[];
  /** Default: powers of two. */
  readonly steps?: readonly number[];
}

/** A policy whose caches are pruned by one rule; without one they keep all. */
export interface RetentionVariant {
  /** Name of the policy. */
  readonly policy: string;
  readonly rule?: PruneRule;
}

/** How often what all takes is halved. */
const HALVINGS = 4;

/**
 * Measures what it costs to keep all, and then what it costs by each rule with each limit. Limits are the same for all policies.
 *
 * @param policies their names
 * @param length how many steps the history has
 * @param replay replays variants, and gives what each cost, in their order
 */
export async function measureRetention(
  policies: readonly string[],
  length: number,
  limits: RetentionLimits,
  replay: (variants: readonly RetentionVariant[]) => Promise<readonly RetentionCost[]>,
): Promise<readonly RetentionCurve[]> {
  const all = await replay(policies.map((policy) => ({ policy })));
  const total = Math.max(...all.map(({ most }) => most.bytes));
  const rules = rulesOf(limits, total, length);
  const costs = await replay(policies.flatMap((policy) => rules.map((rule) => ({ policy, rule }))));
  return policies.map((policy, place) => ({
    policy,
    all: all[place] as RetentionCost,
    points: rules.map((rule, i) => ({ rule, ...(costs[place * rules.length + i] as RetentionCost) })),
  }));
}

/**
 * Replays a history under several variants at once, which share what follows from the history alone. Caches that a topology prunes are pruned by the variants' rules
 * instead.
 *
 * @returns what each cost, in their order
 */
export async function replayVariants(
  history: History,
  variants: readonly RetentionVariant[],
  options: RetentionOptions,
): Promise<readonly RetentionCost[]> {
  const { topology = singleBuilder(options.builder) } = options;
  const rules = new Map<string, PruneRule | undefined>();
  const policies = variants.map(({ policy: name, rule }, i): Policy => {
    const policy = options.policies.find((it) => it.name === name) as Policy;
    const variant = { ...policy, name: `${name}:${i}` };
    rules.set(variant.name, rule);
    return variant;
  });
  const result = await replayHistory(history, {
    ...options,
    countsTiming: false,
    outcomes: options.createOutcomes(),
    policies,
    topology,
    topologyOf: ({ name }) => pruned(topology, rules.get(name)),
  });
  return result.policies.map(costOf);
}

function rulesOf({ bytes, steps }: RetentionLimits, total: number, length: number): readonly PruneRule[] {
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
  const caches = topology.caches.map(({ name, mirrorOf }) =>
    mirrorOf === undefined ? { name, ...(prune && { prune }) } : { name, mirrorOf },
  );
  return { ...topology, caches };
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
