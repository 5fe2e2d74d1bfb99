import type { Task } from "@depid/task-graph";
import type { ReplayedBuild } from "../options.ts";
import { taskKeyOf } from "../task-key.ts";

/**
 * Tasks at which a change stops in a build: executed, though the clairvoyant did not execute them, as what came out is what was there, and hashed by others of
 * which some were not executed. Names by code point.
 */
export function findStops({ policy, graph, plan, fates, needed }: ReplayedBuild): readonly string[] {
  // Only a server's answer stops a change.
  if (policy.server === undefined) return [];
  const { dependents, slots, tasks } = graph.hashPlan;
  const stops: string[] = [];
  for (const place of fates.tasks("executed")) {
    const task = plan.tasks[place] as Task;
    if (!task.setscene || needed.isExecuted(place)) continue;
    const above = (dependents[slots.get(task.tid) as number] as readonly number[]).flatMap(
      (slot) => plan.indices.get((tasks[slot] as Task).tid) ?? [],
    );
    if (above.some((it) => !fates.isExecuted(it))) stops.push(taskKeyOf(task));
  }
  return stops.sort();
}
