import {
  accountFor,
  laxityOf,
  type OutcomeAccount,
  type OutcomeChain,
  type OutcomeDecisions,
  type ReplayOptions,
  type UniqueChoice,
  uniqueOutputsOf,
} from "@depid/replay";
import type { OutHashExtra } from "@depid/task-graph";
import { type ChosenOutcomes, chooseOutcomes } from "../outcomes.ts";
import { readIrreproducible } from "./irreproducible.ts";
import type { OutcomeContext } from "./source-reader.ts";

/** The flags of every command that needs to know what comes out of tasks. */
export interface OutcomeFlags {
  readonly outcomes: string;
  readonly unique: UniqueChoice;
  readonly outhashExtra?: OutHashExtra;
  readonly irreproducible?: string;
  readonly strict?: true;
}

/** Exit status when labels matched nothing, or nothing sure decided a change, and `--strict` was asked for. */
export const LAX = 1;

/** The outcomes that were asked for, and what of them goes into a replay and its report. */
export interface ResolvedOutcomes {
  readonly outcomes: ChosenOutcomes;
  readonly options: Pick<ReplayOptions, "unique" | "irreproducible" | "outhashExtra">;
  /** @param chain that a replay has used @param decisions of that replay */
  accountFor(chain: OutcomeChain, decisions: OutcomeDecisions): OutcomeAccount;
  /** Whether a replay with this account fails `--strict`, if that was asked for. */
  isLax(account: OutcomeAccount): boolean;
}

/** @param choose reads the chain @throws as it does, before anything is replayed */
export async function resolveOutcomes(
  flags: OutcomeFlags,
  context: Omit<OutcomeContext, "outhashExtra">,
  choose: typeof chooseOutcomes = chooseOutcomes,
): Promise<ResolvedOutcomes> {
  const { outhashExtra } = flags;
  const outcomes = await choose(flags.outcomes, { ...context, outhashExtra });
  const { scenario, seed = 0 } = context;
  const rules =
    flags.irreproducible === undefined ? scenario?.irreproducible : await readIrreproducible(flags.irreproducible);
  const unique = uniqueOutputsOf(
    context.history.steps.flatMap((step) => step.change.upsert),
    flags.unique,
  );
  return {
    outcomes,
    options: {
      unique: new Set(unique.map(({ task }) => task)),
      ...(rules === undefined || rules.length === 0 ? {} : { irreproducible: { rules, seed: String(seed) } }),
      ...(outhashExtra === undefined ? {} : { outhashExtra }),
    },
    accountFor: (chain, decisions) => accountFor(chain, decisions, unique),
    isLax(account) {
      if (flags.strict !== true) return false;
      const { labels, changes } = laxityOf(account);
      return labels > 0 || changes > 0;
    },
  };
}
