import type { Task } from "@depid/task-graph";
import type { HashEdges } from "./hash-edges.ts";
import type { BuildPlan } from "./plan.ts";
import type { Kin, Told } from "./state/unseen-state.ts";

/**
 * Groups tasks that might have one taskhash: their basehashes are equal, and so are, place by place, the groups of what they hash, where
 * the server cannot make depids of two groups equal: that of a task which it never knows is its taskhash, and so no other's than of tasks with
 * an equal basehash.
 *
 * @param isAskable whether the server may give a task the depid of another one
 */
export function findKin(plan: BuildPlan, { deps, order }: HashEdges, isAskable: (task: number) => boolean): Kin {
  const numbers = new Map<string, number>();
  const basehashOf = (task: number): string => (plan.tasks[task] as Task).basehash;
  const shared = new Set<string>();
  for (const task of order) if (isAskable(task)) shared.add(basehashOf(task));
  const groupOf = new Int32Array(plan.size);
  const members: number[] = [];
  for (const task of order) {
    let key = basehashOf(task);
    for (let k = deps.start[task] as number; k < (deps.start[task + 1] as number); k++) {
      const dependency = deps.list[k] as number;
      key += shared.has(basehashOf(dependency)) ? " *" : ` ${groupOf[dependency]}`;
    }
    const group = numbers.get(key) ?? numbers.size;
    numbers.set(key, group);
    groupOf[task] = group;
    if (isAskable(task)) members[group] = (members[group] ?? 0) + 1;
  }
  const told = Array.from(members, (count): Told[] | undefined => (count > 1 ? [] : undefined));
  return { groupOf, told };
}
