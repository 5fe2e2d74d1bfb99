import type { Weights } from "./weights.ts";

/** BitBake's schedulers (runqueue.md section 12). `basic` raises an exception as soon as two tasks are buildable. */
export type Scheduler = "speed" | "completion" | "basic";

/** A task as the schedulers know it. */
export interface RankedTask {
  readonly recipeFile: string;
  readonly task: string;
}

/**
 * Tasks by priority, best first. BitBake breaks ties of weight in an arbitrary order; here the smaller index wins.
 *
 * @param tasks are asked for by `completion` alone
 * @returns indices of tasks
 */
export function rankTasks(
  scheduler: Scheduler,
  weights: Pick<Weights, "size" | "compare">,
  tasks: () => readonly RankedTask[],
): number[] {
  const bySpeed = Array.from({ length: weights.size }, (_, i) => i).sort((a, b) => weights.compare(b, a) || a - b);
  return scheduler === "completion" ? rankForCompletion(bySpeed, tasks()) : bySpeed;
}

/** Groups by task name, the names that come last in a recipe first, so that a recipe once begun is finished. */
export function rankForCompletion(bySpeed: readonly number[], tasks: readonly RankedTask[]): number[] {
  const names = mergeTaskNames(bySpeed.map((i) => tasks[i] as RankedTask));
  const rank = new Map(names.map((name, i) => [name, i] as const));
  const rankOf = (i: number): number => rank.get((tasks[i] as RankedTask).task) ?? 0;
  return [...bySpeed].sort((a, b) => rankOf(b) - rankOf(a));
}

/** One order of task names into which the order of each recipe's tasks fits, if they agree. */
function mergeTaskNames(tasks: readonly RankedTask[]): string[] {
  const byRecipe = new Map<string, string[]>();
  for (const { recipeFile, task } of tasks) {
    const names = byRecipe.get(recipeFile);
    if (names === undefined) byRecipe.set(recipeFile, [task]);
    else names.push(task);
  }
  const merged: string[] = [];
  for (const names of byRecipe.values()) {
    let place = 0;
    for (const name of names) {
      const found = merged.indexOf(name);
      if (found < 0) merged.splice(place, 0, name);
      place = (found < 0 ? place : found) + 1;
    }
  }
  return merged;
}
