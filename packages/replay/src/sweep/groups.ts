import { type History, TaskGraph } from "@depid/task-graph";
import type { ReplayOptions } from "../options.ts";
import type { OutcomeChain } from "../outcomes/outcome-chain.ts";
import type { OutcomeBound } from "../outcomes/outcome-model.ts";
import { followHistory } from "../steps.ts";
import { recipeOfKey, taskKeyOf } from "../task-key.ts";
import { Contents } from "../truth/truth.ts";

/** What is drawn at once: what a step changes in a recipe. */
export interface DrawnGroup {
  readonly step: number;
  /** `[mc:NAME:]PN`. */
  readonly recipe: string;
  /** Changes of tasks' own inputs. */
  readonly changes: number;
}

/** What the samples of a sweep draw, in the order of steps: the same in all of them, as what is drawn decides no other change's source. */
export async function findDrawnGroups(
  history: History,
  {
    createChain,
    unique,
    ...options
  }: Pick<ReplayOptions, "unique" | "seed" | "outhashExtra" | "release"> & {
    readonly createChain: (bound: OutcomeBound) => OutcomeChain;
  },
): Promise<readonly DrawnGroup[]> {
  const groups = new Map<string, DrawnGroup>();
  const chain = createChain({
    name: "drawn",
    outcomeOf({ step: { step }, after }) {
      const recipe = recipeOfKey(taskKeyOf(after));
      const key = `${step} ${recipe}`;
      groups.set(key, { step, recipe, changes: (groups.get(key)?.changes ?? 0) + 1 });
      return "neutral";
    },
  });
  const graph = new TaskGraph([]);
  for await (const _ of followHistory(history, graph, new Contents(graph, chain, unique), options));
  return [...groups.values()];
}
