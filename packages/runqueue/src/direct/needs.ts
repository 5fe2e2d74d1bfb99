import type { Task } from "@depid/task-graph";
import type { DepValid, DepValidRule, DepValidTask } from "../depvalid.ts";
import type { BuildPlan } from "../plan.ts";
import { findUsers } from "../setscene-graph.ts";

/** Whether a setscene task is needed for its users, all of which are covered. @param notNeeded 1 for those that were passed over as not needed */
export type IsNeeded = (task: number, notNeeded: Uint8Array) => boolean;

/** Who needs whom, by place in the plan; made for one shape and one rule, as far as it is asked for. */
const tables = new WeakMap<BuildPlan["dependents"], WeakMap<DepValidRule, IsNeeded>>();

/** What a depvalid function says, by place in a plan. Where it has a rule, the users that need a task are looked for once for each shape. */
export function needsIn(plan: BuildPlan, depValid: DepValid): IsNeeded {
  const { rule } = depValid;
  if (rule === undefined) return askEachTime(plan, depValid);
  const ofShape = tables.get(plan.dependents) ?? new WeakMap<DepValidRule, IsNeeded>();
  tables.set(plan.dependents, ofShape);
  const known = ofShape.get(rule) ?? askOnce(plan, rule);
  ofShape.set(rule, known);
  return known;
}

function askOnce(plan: BuildPlan, rule: DepValidRule): IsNeeded {
  const needing: (readonly number[] | boolean | undefined)[] = new Array(plan.size).fill(undefined);
  return (task, notNeeded) => {
    const row = plan.tasks[task] as Task;
    const known =
      needing[task] ??
      rule.isNeeded(row) ??
      findUsers(plan, task).filter((user) => rule.isNeededBy(row, plan.tasks[user] as Task));
    needing[task] = known;
    if (typeof known === "boolean") return known;
    for (const user of known) if (notNeeded[user] === 0) return true;
    return false;
  };
}

function askEachTime(plan: BuildPlan, depValid: DepValid): IsNeeded {
  return (task, notNeeded) => {
    const users = findUsers(plan, task).map((user) => plan.tasks[user] as Task);
    const isNotNeeded = ({ tid }: DepValidTask): boolean => notNeeded[plan.indices.get(tid) as number] === 1;
    return !depValid(plan.tasks[task] as Task, users, isNotNeeded);
  };
}
