import { type BuildState, tidOf } from "./state/state.ts";

/**
 * Defers duplicates: of setscene tasks with the same recipe name and depid, the first one goes ahead and the others wait
 * for it; configurations in sorted order, the default one first (runqueue.md section 6).
 *
 * @param tasks setscene tasks, ascending
 */
export function deferDuplicates(state: BuildState, tasks: readonly number[]): void {
  for (const task of byConfiguration(state, tasks)) {
    const key = keyOf(state, task);
    const to = state.setscene.representatives.get(key);
    if (to === undefined) state.setscene.representatives.set(key, task);
    else defer(state, task, to);
  }
}

/** After a change of hashes: those which have now what a representative had at the start wait for it, complete or not. */
export function deferAnew(state: BuildState, tasks: readonly number[]): void {
  for (const task of byConfiguration(state, tasks)) {
    const to = state.setscene.representatives.get(keyOf(state, task));
    if (to !== undefined && to !== task) defer(state, task, to);
  }
}

function defer(state: BuildState, task: number, to: number): void {
  state.setscene.deferred.set(task, to);
  const behind = state.setscene.deferredBehind.get(to) ?? [];
  if (!behind.includes(task)) {
    state.setscene.deferredBehind.set(
      to,
      [...behind, task].sort((a, b) => a - b),
    );
  }
  state.log.push({ type: "deferred", at: state.now, tid: tidOf(state, task), to: tidOf(state, to) });
}

function byConfiguration({ plan }: BuildState, tasks: readonly number[]): number[] {
  return [...tasks].sort((a, b) => (plan.config[a] as number) - (plan.config[b] as number) || a - b);
}

function keyOf({ plan, hashes }: BuildState, task: number): string {
  return `${plan.tasks[task]?.pn}:${hashes.depid[task]}`;
}
