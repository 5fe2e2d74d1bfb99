import type { BuildEffect } from "./effect.ts";
import { updateTurn } from "./sets.ts";
import { cover, findStampReason } from "./setscene-side.ts";
import type { PendingCheck } from "./state/setscene-state.ts";
import { type BuildState, hashesOfTask, tidOf } from "./state/state.ts";

/**
 * Looks at setscene tasks before it is their turn: those that are noexec or have a stamp are covered, the others' objects
 * are asked for (runqueue.md section 6).
 *
 * @param tasks ascending
 */
export function lookAtSetsceneTasks(
  state: BuildState,
  tasks: readonly number[],
  why: PendingCheck["why"],
): BuildEffect[] {
  const asked: number[] = [];
  for (const task of tasks) {
    state.setscene.valid[task] = 0;
    state.setscene.noObject[task] = 0;
    state.setscene.stampPresent[task] = 0;
    const reason = findStampReason(state, task);
    if (reason === undefined) {
      asked.push(task);
      continue;
    }
    if (reason === "stamp-current") state.setscene.stampPresent[task] = 1;
    cover(state, task, reason);
  }
  state.setscene.pendingCheck = { tasks, asked, why };
  return [{ type: "check", tasks: asked }];
}

/** Takes note of which objects there are. */
export function applyCheck(state: BuildState, { tasks, asked, why }: PendingCheck, answer: readonly boolean[]): void {
  const tids = asked.map((task) => tidOf(state, task));
  state.log.push({
    type: "checked",
    at: state.now,
    asked: asked.map((task) => ({ tid: tidOf(state, task), depid: hashesOfTask(state, task).depid })),
    found: tids.filter((_, i) => answer[i]),
    current: why === "turn" ? 0 : countOnes(state.setscene.stampPresent),
    recheck: why === "released" || why === "migration" ? tasks.map((task) => tidOf(state, task)) : undefined,
  });
  asked.forEach((task, i) => {
    if (answer[i]) state.setscene.valid[task] = 1;
    else if (state.setscene.decision[task] === 0 && !state.setscene.deferred.has(task))
      state.setscene.noObject[task] = 1;
  });
}

/**
 * A real task is complete: the first task deferred to it is looked at again; the others now wait for that one.
 */
export function releaseDeferred(state: BuildState, task: number): BuildEffect[] {
  const behind = state.setscene.deferredBehind.get(task);
  if (behind === undefined) return [];
  state.setscene.deferredBehind.delete(task);
  const waiting = behind.filter((other) => state.setscene.deferred.get(other) === task);
  const [next, ...others] = waiting;
  if (next === undefined) return [];
  state.setscene.deferred.delete(next);
  for (const other of others) state.setscene.deferred.set(other, next);
  if (others.length > 0) {
    const already = state.setscene.deferredBehind.get(next) ?? [];
    state.setscene.deferredBehind.set(
      next,
      [...already, ...others].sort((a, b) => a - b),
    );
  }
  const effects = lookAtSetsceneTasks(state, [next], "released");
  updateTurn(state, next);
  return effects;
}

function countOnes(flags: Uint8Array): number {
  let ones = 0;
  for (const flag of flags) ones += flag;
  return ones;
}
