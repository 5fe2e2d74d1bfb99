import {
  assumptionsOf,
  describeDurations,
  describeHistory,
  findDrawnGroups,
  type OutcomeBound,
  type OutcomeChain,
  type SweepPlan,
} from "@depid/replay";
import { OptionError } from "../outcomes/errors.ts";
import { chooseDrawnOutcomes } from "../outcomes.ts";
import { digestOf, listInputs } from "../replay/input-files.ts";
import { type InputFlags, type PreparedReplay, prepareReplay } from "../replay/prepare-replay.ts";
import type { Shutdown } from "../shutdown.ts";

/** The flags of a sweep that say what is measured. */
export interface PlanFlags extends InputFlags {
  readonly samples: number;
  readonly neutral: readonly number[];
  readonly spread: number;
  readonly unsure: "kept" | "drawn";
}

/** Reads what a sweep needs, all of it: what is wrong with it is known before the first sample. */
export async function planSweep(file: string, flags: PlanFlags, shutdown: Shutdown): Promise<SweepPlan> {
  const sha256 = await digestOf(file);
  const inputs = await listInputs(flags);
  const prepared = await prepareSweep(file, flags, shutdown);
  const { history, policies, durations, options } = prepared;
  if (sha256 === null) {
    throw new OptionError(`${file}: expected a regular file: each job of a sweep reads it`);
  }
  const { builder, outcomes, unique, outhashExtra, release, workers, seed, neutral, samples, spread, unsure } = flags;
  return {
    history: { source: file, sha256, ...describeHistory(history) },
    setting: {
      policies: policies.map(({ name, definition }) => ({ name, definition })),
      builder,
      outcomes,
      unique,
      outhash_extra: outhashExtra ?? null,
      release: release === undefined ? null : { ...release },
      workers,
      seed,
      neutral,
      samples,
      spread,
      unsure,
    },
    inputs,
    durations: durations === undefined ? null : describeDurations(durations, history),
    groups: await findDrawnGroups(history, {
      ...options,
      createChain: drawnChains(prepared, flags),
    }),
    assumed: assumptionsOf(history, options.irreproducible),
  };
}

/** How chains are made that end in a bound, with or without labels that are not sure. */
export function drawnChains(
  { outcomes: { outcomes } }: PreparedReplay,
  { unsure }: Pick<PlanFlags, "unsure">,
): (bound: OutcomeBound, draw?: string) => OutcomeChain {
  if (unsure === "kept") return (bound, draw) => outcomes.create(undefined, bound, draw);
  return (bound, draw) =>
    outcomes.create((it) => ({ ...it, labels: it.labels.filter((label) => label.sure) }), bound, draw);
}

/** The replay of which a sweep draws samples. */
export function prepareSweep(file: string, flags: InputFlags, shutdown: Shutdown): Promise<PreparedReplay> {
  return prepareReplay(file, flags, shutdown, chooseDrawnOutcomes);
}
