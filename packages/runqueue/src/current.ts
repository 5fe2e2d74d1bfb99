import { neighboursOf } from "@depid/task-graph";
import { findSetsceneStamp, findStamp } from "./stamps.ts";
import type { BuildState } from "./state/state.ts";

/**
 * Whether a real task need not run as its stamp is there and not older than those of the dependencies in its own recipe
 * (runqueue.md section 5). nostamp tasks never are.
 */
export function isCurrent(state: BuildState, task: number): boolean {
  const made = madeWhen(state, task);
  if (made === undefined) return false;
  for (const dependency of neighboursOf(state.plan.dependencies, task)) {
    if (isOutdatedBy(state, task, made, dependency)) return false;
  }
  return true;
}

/**
 * The recursive variant: in addition, each dependency in the recipe that was not restored must be current itself. What
 * is found of the task and of all below is remembered for the build; the task itself is looked at anew each time.
 */
export function isCurrentToTheBottom(state: BuildState, top: number): boolean {
  const { dependencies } = state.plan;
  const frames = [openFrame(state, top)];
  let answer = false;
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { task, made, end } = frame;
    if (made === undefined || frame.next === end) {
      answer = made !== undefined;
      if (answer) state.stamps.currentMemo[task] = 1;
    } else {
      const dependency = dependencies.list[frame.next] as number;
      const known = state.stamps.currentMemo[dependency] as number;
      if (!countsFor(state, task, dependency) || (known === 1 && !isOutdatedBy(state, task, made, dependency))) {
        frame.next += 1;
        continue;
      }
      if (known === 0 && !isOutdatedBy(state, task, made, dependency)) {
        frames.push(openFrame(state, dependency));
        continue;
      }
      answer = false;
      state.stamps.currentMemo[task] = 2;
    }
    frames.pop();
    // Below the top, "there is no stamp" is remembered as well.
    if (frames.length > 0) state.stamps.currentMemo[task] = answer ? 1 : 2;
  }
  return answer;
}

/** What was found of a task does not hold any more. */
export function forgetCurrent(state: BuildState, task: number): void {
  state.stamps.currentMemo[task] = 0;
}

function madeWhen(state: BuildState, task: number): number | undefined {
  return state.plan.tasks[task]?.nostamp ? undefined : findStamp(state, task);
}

/** Whether a dependency counts at all: it is in the same recipe file, and was not restored later than it ran. */
function countsFor(state: BuildState, task: number, dependency: number): boolean {
  if (state.plan.recipe[task] !== state.plan.recipe[dependency]) return false;
  const restored = findSetsceneStamp(state, dependency);
  return restored === undefined || !(restored > (findStamp(state, dependency) ?? 0));
}

function isOutdatedBy(state: BuildState, task: number, made: number, dependency: number): boolean {
  if (!countsFor(state, task, dependency)) return false;
  const below = findStamp(state, dependency);
  return below === undefined || made < below;
}

/** A task under examination: when its stamp was made, and which of its dependencies come next. */
interface Frame {
  readonly task: number;
  readonly made: number | undefined;
  readonly end: number;
  next: number;
}

function openFrame(state: BuildState, task: number): Frame {
  const { start } = state.plan.dependencies;
  return { task, made: madeWhen(state, task), next: start[task] as number, end: start[task + 1] as number };
}
