import type { History } from "@depid/task-graph";
import type { Decision } from "../outcomes/decisions.ts";
import type { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { isOutputSource } from "../outcomes/outcome-model.ts";
import { replayHistory } from "../replay.ts";
import type { Cost } from "../report/cost.ts";
import { costOf } from "../report/cost.ts";
import { CandidateTally } from "./candidates.ts";
import { differenceOf } from "./frontier.ts";
import { type PolicyCost, replayStable, type StableOptions } from "./stable.ts";

/** What stable outputs would save, by replays of their own. */
export interface Leverage {
  /** The greatest saving first. */
  readonly rows: readonly LeverageRow[];
  /** All recipes of the rows stable together. */
  readonly together: readonly Saving[];
  /** Tasks' outputs that name their own hash, if none did; empty: no task counts as naming its own. */
  readonly selfNaming: readonly Saving[];
  /** Recipes whose outputs changed by their own doing that were not replayed. */
  readonly left: number;
}

export interface LeverageRow {
  /** PN. */
  readonly recipe: string;
  /** Changes of own inputs that show in outputs, the steps that had any, and the tasks. */
  readonly changes: number;
  readonly steps: number;
  readonly tasks: readonly string[];
  /** By policy: what runs and is restored only because of these changes. */
  readonly saved: readonly Saving[];
  /** What is known of why the outputs changed. */
  readonly why: readonly Why[];
}

export interface Saving {
  readonly policy: string;
  readonly saved: Cost;
}

/** Changes that one source decided for one reason. */
export interface Why {
  /** The source, as the chain names it. */
  readonly by: string;
  /** Of a label; "" if the source gives none. */
  readonly reason: string;
  readonly sure: boolean;
  readonly changes: number;
}

export const LEVERAGE_NOTES: readonly string[] = [
  "leverage of a recipe: what a policy costs less in a replay in which every change of the recipe's own inputs is neutral, in all steps, and all else is as it was. So it counts what runs and is restored only because of these changes: work that another recipe's change causes as well counts at neither, and rows do not add up. Together: all recipes of the table neutral at once, each hour counted once.",
  "Recipes are tried in the order of what was executed above their changes and no other recipe's; of those not tried nothing is said. That a stable output saves hours does not say that there can be one: a new version's output is another one.",
];

/** Replays a history with the outputs of some recipes stable, one recipe after the other. */
export async function leverageOf(
  history: History,
  most: number,
  options: StableOptions & { readonly onReplay?: (done: number, total: number) => void },
): Promise<Leverage> {
  const { createChain, onReplay, namespace, ...rest } = options;
  const { unique = new Set() } = rest;
  let done = 0;
  const tally = new CandidateTally(rest.secondsOf);
  const chain = createChain();
  onReplay?.(done, most + 3);
  const base = await replayHistory(history, {
    ...rest,
    namespace: `${namespace}-base`,
    outcomes: chain,
    neededIn: async () => new Uint8Array(),
    countsTiming: false,
    onBuild: (build) => tally.add(build),
  });
  const costs = base.policies.map((it) => ({ policy: it.name, cost: costOf(it) }));
  const { candidates } = tally;
  const tried = candidates.slice(0, most);
  const total = tried.length + 1 + (tried.length > 1 ? 1 : 0) + (unique.size > 0 ? 1 : 0);
  const savedWith = async (stable: Parameters<typeof replayStable>[1]): Promise<readonly Saving[]> => {
    done += 1;
    onReplay?.(done, total);
    const others = await replayStable(history, stable, { ...rest, createChain, namespace: `${namespace}-${done}` });
    return savingsOf(costs, others);
  };
  const rows: LeverageRow[] = [];
  for (const { recipe, changes, steps } of tried) {
    const saved = await savedWith({ recipes: [recipe] });
    const tasks = [...new Set(changes.map((it) => it.task))].sort();
    rows.push({ recipe, changes: changes.length, steps, tasks, saved, why: whyOf(changes, chain) });
  }
  const together = rows.length > 1 ? await savedWith({ recipes: rows.map((it) => it.recipe) }) : (rows[0]?.saved ?? []);
  const selfNaming = unique.size > 0 ? await savedWith("self-naming") : [];
  return {
    rows: rows.sort((a, b) => greatestOf(b) - greatestOf(a)),
    together,
    selfNaming,
    left: candidates.length - tried.length,
  };
}

/** The most that any policy saves. */
function greatestOf({ saved }: LeverageRow): number {
  return Math.max(...saved.map((it) => it.saved.seconds ?? it.saved.tasks));
}

function savingsOf(costs: readonly PolicyCost[], others: readonly PolicyCost[]): readonly Saving[] {
  return costs.flatMap(({ policy, cost }) => {
    const other = others.find((it) => it.policy === policy);
    return other === undefined ? [] : [{ policy, saved: differenceOf(cost, other.cost) }];
  });
}

/** By source and reason, the most changes first. */
function whyOf(changes: readonly Decision[], chain: OutcomeChain): readonly Why[] {
  const found = new Map<string, Why>();
  for (const { place, label } of changes) {
    const by = place === undefined ? "inputs as they were before" : chain.nameOf(place);
    const rule =
      label === undefined
        ? undefined
        : chain.labelSources.find((it) => it.place === place)?.source.labels.labels[label];
    const source = place === undefined ? undefined : chain.sources[place];
    const sure = rule?.sure ?? (source !== undefined && isOutputSource(source));
    const why = { by, reason: rule?.reason ?? "", sure, changes: 1 };
    const key = JSON.stringify([by, why.reason, sure]);
    const known = found.get(key);
    found.set(key, known === undefined ? why : { ...known, changes: known.changes + 1 });
  }
  return [...found.values()].sort((a, b) => b.changes - a.changes);
}
