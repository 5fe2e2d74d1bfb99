import { type BuildState, tidOf } from "./state/state.ts";
import { UNSEEN } from "./task-hashes.ts";
import { updateTurn } from "./turn.ts";

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
    if (state.hashes.depid[task] === UNSEEN) continue;
    const to = state.setscene.representatives.get(keyOf(state, task));
    if (to !== undefined && to !== task) defer(state, task, to);
  }
}

/** Tasks that wait for one. */
export function findDeferredTo({ setscene }: BuildState, task: number): readonly number[] {
  return (setscene.deferredBehind.get(task) ?? []).filter((other) => setscene.deferred.get(other) === task);
}

/** A task does not wait any more. @returns whether it did */
export function undefer(state: BuildState, task: number): boolean {
  return state.setscene.deferred.delete(task);
}

/** Nothing can run any more, but tasks are deferred: the one which was deferred first is let go. @returns whether there is one */
export function undeferOne(state: BuildState): boolean {
  for (const [task, from] of state.setscene.deferred) {
    undefer(state, task);
    state.log.push({ type: "undeferred", at: state.now, tid: tidOf(state, task), from: tidOf(state, from) });
    updateTurn(state, task);
    return true;
  }
  return false;
}

/** The first task deferred to one that is complete does not wait any more; the others now wait for that one. @returns it */
export function undeferBehind(state: BuildState, task: number): number | undefined {
  const [next, ...others] = findDeferredTo(state, task);
  state.setscene.deferredBehind.delete(task);
  if (next === undefined) return undefined;
  undefer(state, next);
  for (const other of others) state.setscene.deferred.set(other, next);
  if (others.length > 0) {
    const already = state.setscene.deferredBehind.get(next) ?? [];
    state.setscene.deferredBehind.set(
      next,
      [...already, ...others].sort((a, b) => a - b),
    );
  }
  return next;
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
