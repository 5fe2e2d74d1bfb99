import { degreeOf, type Task } from "@depid/task-graph";
import type { HashEdges } from "./hash-edges.ts";
import type { BuildPlan } from "./plan.ts";
import type { Kin, Told } from "./state/unseen-state.ts";

/**
 * Groups tasks that might have one taskhash: their basehashes are equal, and they hash equally many others.
 *
 * @param isAskable whether the server may know a task
 */
export function findKin(plan: BuildPlan, { deps, order }: HashEdges, isAskable: (task: number) => boolean): Kin {
  const numbers = new Map<string, number>();
  const groupOf = new Int32Array(plan.size);
  const members: number[] = [];
  for (const task of order) {
    const key = `${(plan.tasks[task] as Task).basehash} ${degreeOf(deps, task)}`;
    const group = numbers.get(key) ?? numbers.size;
    numbers.set(key, group);
    groupOf[task] = group;
    if (isAskable(task)) members[group] = (members[group] ?? 0) + 1;
  }
  const told = Array.from(members, (count): Told[] | undefined => (count > 1 ? [] : undefined));
  return { groupOf, told };
}
