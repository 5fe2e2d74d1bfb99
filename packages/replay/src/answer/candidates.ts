import { byCodePoint } from "@depid/hash";
import type { BuildPlan } from "@depid/runqueue";
import type { Task, TaskGraph } from "@depid/task-graph";
import type { SecondsOf } from "../measure/fates.ts";
import type { ReplayedBuild } from "../options.ts";
import type { Decision } from "../outcomes/decisions.ts";

/** A recipe whose outputs changed by its own doing. */
export interface Candidate {
  /** PN. */
  readonly recipe: string;
  /** Changes of own inputs that show in the output, and steps that had any. */
  readonly changes: readonly Decision[];
  readonly steps: number;
  /**
   * What was executed in these steps at or above the tasks that changed, and not above what any other recipe changed: seconds, or tasks where no durations
   * are known. A guess at what a replay with stable outputs will say.
   */
  readonly alone: number;
}

/** Looks in each build how much was executed above the changes of each recipe: what a stable output may have been worth. */
export class CandidateTally {
  readonly #secondsOf: SecondsOf | undefined;
  readonly #recipes = new Map<string, { changes: Decision[]; steps: Set<number>; alone: number }>();

  constructor(secondsOf: SecondsOf | undefined) {
    this.#secondsOf = secondsOf;
  }

  add({ step, graph, plan, fates, decided }: ReplayedBuild): void {
    if (step.step === 0) return;
    const recipes = [...new Set(decided.flatMap((it) => (it.shows ? it.pn : [])))];
    /** By place in the plan: which of the recipes it stands above; -1: several. */
    const above = new Map<number, number>();
    for (const [i, recipe] of recipes.entries()) {
      const changes = decided.filter((it) => it.shows && it.pn === recipe);
      const found = this.#recipes.get(recipe) ?? { changes: [], steps: new Set(), alone: 0 };
      this.#recipes.set(recipe, found);
      // Several policies build each step.
      if (!found.steps.has(step.step)) found.changes.push(...changes);
      found.steps.add(step.step);
      const names = new Set(changes.map((it) => it.task));
      for (const place of tasksAbove(graph, plan, (task) => task.pn === recipe && names.has(task.task)))
        above.set(place, above.has(place) ? -1 : i);
    }
    for (const [place, i] of above) {
      const found = this.#recipes.get(recipes[i] ?? "");
      if (found === undefined || !fates.isExecuted(place)) continue;
      found.alone += this.#secondsOf?.(plan.tasks[place] as Task, "real") ?? 1;
    }
  }

  /** Those with most alone first. */
  get candidates(): readonly Candidate[] {
    return [...this.#recipes]
      .map(([recipe, { changes, steps, alone }]) => ({ recipe, changes, steps: steps.size, alone }))
      .sort((a, b) => b.alone - a.alone || b.changes.length - a.changes.length || byCodePoint(a.recipe, b.recipe));
  }
}

/** Places in the plan of some tasks and of all that hash them, at whatever distance. */
function tasksAbove({ hashPlan }: TaskGraph, plan: BuildPlan, isOne: (task: Task) => boolean): readonly number[] {
  const { tasks, slots, dependents } = hashPlan;
  const open = plan.tasks.filter(isOne).map(({ tid }) => slots.get(tid) as number);
  const seen = new Set(open);
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const above of dependents[at] as readonly number[]) {
      if (seen.has(above)) continue;
      seen.add(above);
      open.push(above);
    }
  return [...seen].flatMap((slot) => plan.indices.get((tasks[slot] as Task).tid) ?? []);
}
