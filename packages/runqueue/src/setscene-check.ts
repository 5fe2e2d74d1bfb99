import { undeferBehind } from "./duplicates.ts";
import type { BuildEffect } from "./effect.ts";
import { cover, findStampReason } from "./setscene-side.ts";
import type { PendingCheck } from "./state/setscene-state.ts";
import { type BuildState, hashesOfTask, tidOf } from "./state/state.ts";
import { updateTurn } from "./turn.ts";
import { isVain } from "./vain.ts";

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
    setStampPresent(state, task, 0);
    if (isVain(state, task)) {
      state.setscene.noObject[task] = 1;
      continue;
    }
    const reason = findStampReason(state, task);
    if (reason === undefined) {
      asked.push(task);
      continue;
    }
    if (reason === "stamp-current") setStampPresent(state, task, 1);
    cover(state, task, reason);
  }
  return [askForObjects(state, { tasks, asked, why })];
}

/** Asks which objects there are; nothing is decided before that is answered. */
export function askForObjects(state: BuildState, check: PendingCheck): BuildEffect {
  state.setscene.pendingCheck = check;
  return { type: "check", tasks: check.asked };
}

/** Takes note of which objects there are. */
export function applyCheck(state: BuildState, { tasks, asked, why }: PendingCheck, answer: readonly boolean[]): void {
  state.setscene.pendingCheck = undefined;
  const tids = asked.map((task) => tidOf(state, task));
  state.log.push({
    type: "checked",
    at: state.now,
    asked: asked.map((task) => ({ tid: tidOf(state, task), depid: hashesOfTask(state, task).depid })),
    found: tids.filter((_, i) => answer[i]),
    current: why === "turn" ? 0 : state.setscene.stampsPresent,
    recheck:
      why === "released" || why === "migration"
        ? tasks.filter((task) => !isVain(state, task)).map((task) => tidOf(state, task))
        : undefined,
  });
  asked.forEach((task, i) => {
    if (answer[i]) state.setscene.valid[task] = 1;
    else if (state.setscene.decision[task] === 0 && !state.setscene.deferred.has(task))
      state.setscene.noObject[task] = 1;
  });
}

/** A real task is complete: the first task deferred to it is looked at again. */
export function releaseDeferred(state: BuildState, task: number): BuildEffect[] {
  const next = undeferBehind(state, task);
  if (next === undefined) return [];
  const effects = lookAtSetsceneTasks(state, [next], "released");
  updateTurn(state, next);
  return effects;
}

function setStampPresent({ setscene }: BuildState, task: number, flag: 0 | 1): void {
  setscene.stampsPresent += flag - (setscene.stampPresent[task] as number);
  setscene.stampPresent[task] = flag;
}
