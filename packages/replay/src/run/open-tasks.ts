import type { Tid } from "@depid/hash";
import type { BuildPlan } from "@depid/runqueue";
import type { Task, TaskGraph } from "@depid/task-graph";
import type { Reporter } from "../policies/policy.ts";

/** Whether a task, once it has run, tells the server of its output. */
export function tellsOutput({ tells }: Reporter, task: Task): boolean {
  return !task.noexec && tells?.(task) !== false;
}

/**
 * The plan of a build in which each task waits for the answers below it. An open task, which nobody has reported yet, has to run whether it is needed or not: without it there is no answer to wait
 * for. One that no other hashes keeps nobody waiting.
 *
 * @param isOpen by place in the plan
 */
export function planToWait(
  plan: BuildPlan,
  { hashPlan }: Pick<TaskGraph, "hashPlan">,
  isOpen: (place: number) => boolean,
): BuildPlan {
  const { slots, dependents } = hashPlan;
  const isHashed = (tid: Tid): boolean => (dependents[slots.get(tid) as number]?.length ?? 0) > 0;
  const needed = (place: number): boolean => isOpen(place) && isHashed(plan.tids[place] as Tid);
  // The plan itself where nothing is added: builds by the same plan are remembered.
  if (plan.unskippable.every((flag, place) => flag === 1 || !needed(place))) return plan;
  const unskippable = plan.unskippable.map((flag, place) => (flag === 1 || needed(place) ? 1 : 0));
  return { ...plan, unskippable };
}
