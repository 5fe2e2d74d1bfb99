import { byCodePoint } from "@depid/hash";
import type { Task } from "@depid/task-graph";
import type { ReplayedBuild } from "../options.ts";
import { taskKeyOf } from "../task-key.ts";

/** A task at which a change stops. */
export interface Stop {
  /** `[mc:NAME:]PN:TASK`. */
  readonly name: string;
  /** PN. */
  readonly recipe: string;
  /** How far above the lowest tasks it is hashed. */
  readonly generation: number;
}

/**
 * Tasks at which a change stops in a build: executed, though the clairvoyant did not execute them, as what came out is what was there, and hashed by others of
 * which some were not executed. In the order of `inReadingOrder`.
 */
export function findStops({ policy, graph, plan, fates, needed }: ReplayedBuild): readonly Stop[] {
  // Only a server's answer stops a change.
  if (policy.server === undefined) return [];
  const { dependents, generation, slots, tasks } = graph.hashPlan;
  const stops: Stop[] = [];
  for (const place of fates.tasks("executed")) {
    const task = plan.tasks[place] as Task;
    if (!task.setscene || needed.isExecuted(place)) continue;
    const slot = slots.get(task.tid) as number;
    const above = (dependents[slot] as readonly number[]).flatMap(
      (it) => plan.indices.get((tasks[it] as Task).tid) ?? [],
    );
    if (above.some((it) => !fates.isExecuted(it)))
      stops.push({ name: taskKeyOf(task), recipe: task.pn, generation: generation[slot] as number });
  }
  return inReadingOrder(stops);
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** By recipe as in a list for people (`gcc-9` before `gcc-10`, whatever the case), each once; those of a recipe in the order in which they are built. */
export function inReadingOrder(stops: readonly Stop[]): readonly Stop[] {
  const once = [...new Map(stops.map((it) => [it.name, it])).values()];
  return once.sort(
    (a, b) =>
      compare(a.recipe, b.recipe) ||
      byCodePoint(a.recipe, b.recipe) ||
      a.generation - b.generation ||
      byCodePoint(a.name, b.name),
  );
}
