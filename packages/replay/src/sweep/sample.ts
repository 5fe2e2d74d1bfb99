import type { History } from "@depid/task-graph";
import type { BuildTime, Counts } from "../measure/fates.ts";
import type { ReplayOptions } from "../options.ts";
import type { OutcomeChain } from "../outcomes/outcome-chain.ts";
import type { OutcomeBound } from "../outcomes/outcome-model.ts";
import { replayHistory } from "../replay.ts";
import { varySeconds } from "../verify/variation.ts";
import { drawnBound, seedOf } from "./drawn.ts";

/** One replay of a sweep. */
export interface SampleUnit {
  /** Counted from 0. */
  readonly sample: number;
  /** The probability with which changes that nobody decides are neutral. */
  readonly neutral: number;
}

/** What one replay of a sweep measured: plain data. */
export interface SampleRow extends SampleUnit {
  /** Changes of tasks' own inputs in all, those of them that were drawn, and how many of these as neutral. */
  readonly drawn: { readonly of: number; readonly changes: number; readonly neutral: number };
  /** Sums over all steps but the first, in the order of the policies. */
  readonly policies: readonly { readonly sum: Counts; readonly time?: BuildTime }[];
}

/** What all samples of a sweep have. */
export interface SampleOptions extends Omit<ReplayOptions, "outcomes" | "samples" | "spread" | "onBuild" | "neededIn"> {
  /** A new chain that ends in a bound. @param draw decides what its members draw */
  readonly createChain: (bound: OutcomeBound, draw: string) => OutcomeChain;
  /** How far durations stray: the standard deviation of their logarithm. */
  readonly spread: number;
}

/** Replays a history once with what chance decides of a sample: outcomes that nobody knows, and how long tasks take. */
export async function replaySample(
  history: History,
  unit: SampleUnit,
  { createChain, spread, secondsOf, irreproducible, ...options }: SampleOptions,
): Promise<SampleRow> {
  const { sample, neutral } = unit;
  const seed = seedOf(options.seed, sample);
  let drawnNeutral = 0;
  const bound = drawnBound({ seed, neutral });
  const counting: OutcomeBound = {
    ...bound,
    outcomeOf(change) {
      const outcome = bound.outcomeOf(change);
      if (outcome === "neutral") drawnNeutral++;
      return outcome;
    },
  };
  const chain = createChain(counting, seed);
  const { policies, decisions } = await replayHistory(history, {
    ...options,
    outcomes: chain,
    ...(irreproducible === undefined ? {} : { irreproducible: { ...irreproducible, seed } }),
    ...(secondsOf === undefined ? {} : { secondsOf: varySeconds(secondsOf, { seed, spread }) }),
  });
  return {
    sample,
    neutral,
    drawn: {
      of: decisions.changes.length,
      changes: decisions.changes.filter((it) => it.place === chain.sources.length).length,
      neutral: drawnNeutral,
    },
    policies: policies.map(({ sum, time }) => ({ sum, ...(time === undefined ? {} : { time: time.sum }) })),
  };
}
