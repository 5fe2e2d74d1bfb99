import type { History } from "@depid/task-graph";
import type { ReplayOptions } from "../options.ts";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import type { OutcomeSource } from "../outcomes/outcome-model.ts";
import type { Policy } from "../policies/policy.ts";
import { replayHistory } from "../replay.ts";
import { type Cost, costOf } from "../report/cost.ts";

/** A replay as it was, but for outputs that are taken as stable. */
export interface StableOptions extends Omit<ReplayOptions, "outcomes" | "neededIn" | "countsTiming" | "samples"> {
  /** A new chain of the outcomes that were asked for. */
  readonly createChain: () => OutcomeChain;
}

/** Outputs taken as stable: those of recipes, or those that name their own hash. */
export type Stable = { readonly recipes: readonly string[] } | "self-naming";

/** What a policy costs. */
export interface PolicyCost {
  readonly policy: string;
  readonly cost: Cost;
}

/**
 * What policies would cost had outputs been stable: every change of own inputs in these recipes neutral, in all steps; or no output naming its own hash.
 * All else is as it was, changes below these recipes too. A replay of its own says it.
 */
export async function replayStable(
  history: History,
  stable: Stable,
  options: StableOptions,
): Promise<readonly PolicyCost[]> {
  const { createChain, unique, ...rest } = options;
  const isNaming = stable === "self-naming";
  const { policies } = await replayHistory(history, {
    ...rest,
    ...(isNaming || unique === undefined ? {} : { unique }),
    outcomes: isNaming ? createChain() : withStable(createChain(), new Set(stable.recipes)),
    // What is needed is nobody's question here.
    neededIn: async () => new Uint8Array(),
    countsTiming: false,
  });
  return policies.map((it) => ({ policy: it.name, cost: costOf(it) }));
}

/** The chain behind a source that takes every change in some recipes as neutral. @param recipes PN */
export function withStable({ sources, bound }: OutcomeChain, recipes: ReadonlySet<string>): OutcomeChain {
  const stable: OutcomeSource = {
    name: "stable",
    outcomeOf: ({ after }) => (recipes.has(after.pn) ? "neutral" : undefined),
  };
  return new OutcomeChain([stable, ...sources], bound);
}

/** Those that a stable output can help: they ask a server. */
export function askingPolicies(policies: readonly Policy[]): readonly Policy[] {
  return policies.filter((it) => it.server !== undefined);
}
