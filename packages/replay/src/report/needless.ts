import { byCodePoint } from "@depid/hash";
import type { Task } from "@depid/task-graph";
import type { SecondsOf } from "../measure/fates.ts";
import type { ReplayedBuild } from "../options.ts";

/** What a policy executed needlessly, over all steps but the first. */
export interface NeedlessWork {
  readonly policy: string;
  /** The costliest first: by seconds if durations are known, by tasks if not. */
  readonly recipes: readonly NeedlessRecipe[];
}

/** Needless work on one recipe. */
export interface NeedlessRecipe {
  /** PN. */
  readonly recipe: string;
  readonly tasks: number;
  /** Serial; `undefined` where no durations are known. */
  readonly seconds: number | undefined;
}

/** Adds up by recipe what builds executed needlessly. */
export class NeedlessTally {
  readonly #secondsOf: SecondsOf | undefined;
  readonly #policies = new Map<string, Map<string, { tasks: number; seconds: number }>>();

  constructor(secondsOf: SecondsOf | undefined) {
    this.#secondsOf = secondsOf;
  }

  add({ step, policy, plan, fates, needed }: ReplayedBuild): void {
    const recipes = this.#policies.get(policy.name) ?? new Map<string, { tasks: number; seconds: number }>();
    this.#policies.set(policy.name, recipes);
    if (step.step === 0) return;
    for (const place of fates.tasks("executed")) {
      if (needed.isExecuted(place)) continue;
      const task = plan.tasks[place] as Task;
      const work = recipes.get(task.pn) ?? { tasks: 0, seconds: 0 };
      recipes.set(task.pn, work);
      work.tasks += 1;
      work.seconds += this.#secondsOf?.(task, "real") ?? 0;
    }
  }

  /** @param policies names, in the order wanted */
  of(policies: readonly string[]): readonly NeedlessWork[] {
    return policies.map((policy) => ({
      policy,
      recipes: [...(this.#policies.get(policy) ?? [])]
        .map(([recipe, { tasks, seconds }]) => ({
          recipe,
          tasks,
          seconds: this.#secondsOf === undefined ? undefined : seconds,
        }))
        .sort((a, b) => costOf(b) - costOf(a) || b.tasks - a.tasks || byCodePoint(a.recipe, b.recipe)),
    }));
  }
}

function costOf({ tasks, seconds }: NeedlessRecipe): number {
  return seconds ?? tasks;
}
