import type { BuildPlan } from "./plan.ts";

/**
 * The non-setscene tasks which need not run when this setscene task is restored, unless others want them: those
 * reachable downwards through non-setscene tasks only. Made by a walk; a build keeps counters instead.
 */
export function findCovers(plan: BuildPlan, task: number): number[] {
  return walk(plan, plan.dependencies, task, (found) => plan.setscene[found] === 0);
}

/** The setscene tasks that see this one through non-setscene tasks only: while one of them is not covered, it is needed. */
export function findUsers(plan: BuildPlan, task: number): readonly number[] {
  let known = usersOf.get(plan.dependents);
  if (known === undefined) {
    known = [];
    usersOf.set(plan.dependents, known);
  }
  known[task] ??= walk(plan, plan.dependents, task, (found) => plan.setscene[found] === 1);
  return known[task];
}

/** By task, for each shape that builds have: all of them ask for the same ones again and again. */
const usersOf = new WeakMap<BuildPlan["dependents"], (readonly number[])[]>();

/** Walks from a task through non-setscene tasks, and lists in ascending order what is wanted of all that is met. */
function walk(
  plan: BuildPlan,
  { start, list }: BuildPlan["dependencies"],
  from: number,
  isWanted: (task: number) => boolean,
): number[] {
  const seen = new Set<number>();
  const pending = [from];
  for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
    for (let k = start[task] as number; k < (start[task + 1] as number); k++) {
      const next = list[k] as number;
      if (seen.has(next)) continue;
      seen.add(next);
      if (plan.setscene[next] === 0) pending.push(next);
    }
  }
  return [...seen].filter(isWanted).sort((a, b) => a - b);
}
