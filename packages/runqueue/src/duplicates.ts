import { type BuildState, tidOf } from "./state.ts";

/**
 * Defers duplicates: of setscene tasks with the same recipe name and depid, the first one goes ahead and the others wait
 * for it; configurations in sorted order, the default one first (runqueue.md section 6).
 *
 * @param tasks setscene tasks, ascending
 */
export function deferDuplicates(state: BuildState, tasks: readonly number[]): void {
  const { plan, depid } = state;
  const first = new Map<string, number>();
  const behind = new Map<number, number[]>();
  const byConfig = [...tasks].sort((a, b) => (plan.config[a] as number) - (plan.config[b] as number) || a - b);
  for (const task of byConfig) {
    const key = `${plan.tasks[task]?.pn}:${depid[task]}`;
    const to = first.get(key);
    if (to === undefined) {
      first.set(key, task);
      continue;
    }
    state.deferred.set(task, to);
    behind.set(to, [...(behind.get(to) ?? []), task]);
    state.log.push({ type: "deferred", at: state.now, tid: tidOf(state, task), to: tidOf(state, to) });
  }
  for (const [to, waiting] of behind)
    state.deferredBehind.set(
      to,
      waiting.sort((a, b) => a - b),
    );
}
