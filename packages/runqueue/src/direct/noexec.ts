import type { BuildPlan } from "../plan.ts";

const known = new WeakMap<BuildPlan["tasks"], Uint8Array>();
/** The last of each shape. */
const last = new WeakMap<BuildPlan["dependencies"], Uint8Array>();

/** 1 for tasks with nothing to execute, by place in the plan. Is made once for each list of tasks; as long as it stays the same it is the same object. */
export function noexecOf({ tasks, dependencies }: Pick<BuildPlan, "tasks" | "dependencies">): Uint8Array {
  const made = known.get(tasks);
  if (made !== undefined) return made;
  const noexec = Uint8Array.from(tasks, (task) => (task.noexec ? 1 : 0));
  const before = last.get(dependencies);
  const kept = before?.every((flag, task) => flag === noexec[task]) ? before : noexec;
  known.set(tasks, kept);
  last.set(dependencies, kept);
  return kept;
}
