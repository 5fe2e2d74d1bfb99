import type { DepId } from "@depid/hash";
import type { StampVariant } from "@depid/sstate";
import { deferDuplicates } from "./duplicates.ts";
import { StepError } from "./errors.ts";
import type { EndState } from "./event.ts";
import { failTask, finishTask, offerRealTask } from "./real-task.ts";
import { markProcessed, updateTurn } from "./sets.ts";
import { applyCheck, lookAtSetsceneTasks, releaseDeferred } from "./setscene-check.ts";
import { finishSetscene, offerSetsceneTask } from "./setscene-task.ts";
import { removeStaleStamps, useStamp } from "./stamps.ts";
import { type BuildState, hasFreeWorker, tidOf } from "./state.ts";

/** What happens to a build. `at` is milliseconds since it began, never less than before. */
export type BuildInput =
  /** First of all. */
  | { readonly type: "begin"; readonly at: number }
  /** Answers the effect `check`: for each task asked for, whether there is an object. */
  | { readonly type: "checked"; readonly at: number; readonly found: readonly boolean[] }
  /** A task which the effect `start` started is done. */
  | {
      readonly type: "finished";
      readonly at: number;
      readonly task: number;
      readonly variant: StampVariant;
      readonly ok: boolean;
      /** What the task is known by from now on, if its report was answered so and the answer is adopted. */
      readonly depid?: DepId;
    }
  /** Everything that happened up to now was told: go on. */
  | { readonly type: "decide"; readonly at: number };

/** What a build wants done. */
export type BuildEffect =
  /** Whether there are objects of these setscene tasks. To be answered before anything else is told. */
  | { readonly type: "check"; readonly tasks: readonly number[] }
  /** A task became active. To be answered by `finished` in due time. */
  | {
      readonly type: "start";
      readonly task: number;
      readonly variant: StampVariant;
      readonly dry: boolean;
      /** Of a setscene task: whether an object was found. It is started without one only when tasks wait for each other. */
      readonly valid: boolean;
    }
  | { readonly type: "end"; readonly state: EndState };

/**
 * The next step of a build: changes the state, which it owns, and says what is to be done. Nothing else is read or
 * changed, so that the same inputs always lead the same way. Decisions go to `state.log`.
 *
 * @throws {StepError} when the input cannot follow on what came before
 */
export function step(state: BuildState, input: BuildInput): readonly BuildEffect[] {
  state.now = input.at;
  switch (input.type) {
    case "begin":
      return begin(state);
    case "checked":
      return check(state, input.found);
    case "finished":
      return input.variant === "setscene" ? finishedSetscene(state, input) : finishedReal(state, input);
    case "decide":
      return decideAll(state);
    default:
      return unreachable(input);
  }
}

function begin(state: BuildState): readonly BuildEffect[] {
  if (state.phase !== "new") throw new StepError("begin: the build has begun");
  const { plan, workers } = state;
  state.phase = "running";
  state.log.push({ type: "planned", at: state.now, tasks: plan.size, setscene: plan.setsceneCount, workers });
  const setscene: number[] = [];
  for (let task = 0; task < plan.size; task++) {
    if (plan.setscene[task] === 0) {
      if (plan.unskippable[task] === 1) markProcessed(state, task);
    } else {
      setscene.push(task);
      if (state.undecidedAbove[task] === 0) state.ready[task] = 1;
    }
  }
  deferDuplicates(state, setscene);
  for (const task of setscene) updateTurn(state, task);
  return lookAtSetsceneTasks(state, setscene, true);
}

function check(state: BuildState, found: readonly boolean[]): readonly BuildEffect[] {
  const pending = state.pendingCheck;
  if (pending === undefined || pending.asked.length !== found.length) {
    throw new StepError(`checked: expected ${pending?.asked.length ?? "no"} answers, got ${found.length}`);
  }
  state.pendingCheck = undefined;
  applyCheck(state, pending, found);
  if (!pending.first) return [];
  for (const stale of removeStaleStamps(state)) state.log.push({ type: "stale-removed", at: state.now, ...stale });
  return [];
}

function finishedSetscene(state: BuildState, input: BuildInput & { readonly type: "finished" }) {
  state.setsceneActive -= 1;
  finishSetscene(state, input.task, input.ok);
  return [];
}

function finishedReal(state: BuildState, input: BuildInput & { readonly type: "finished" }): readonly BuildEffect[] {
  state.active -= 1;
  useStamp(state, input.task, false);
  if (!input.ok) {
    failTask(state, input.task, "task-failed");
    return [];
  }
  if (input.depid !== undefined) state.depid[input.task] = input.depid;
  finishTask(state, input.task);
  return releaseDeferred(state, input.task);
}

/** Decides one thing after the other, as long as workers are free; setscene tasks are offered a worker first. */
function decideAll(state: BuildState): readonly BuildEffect[] {
  if (state.pendingCheck !== undefined) throw new StepError("decide: a check is not answered");
  const effects: BuildEffect[] = [];
  while (state.phase === "running") {
    const offered = !state.setsceneDone && hasFreeWorker(state) ? offerSetsceneTask(state, effects) : "nothing";
    if (offered === "again") continue;
    if (!state.setsceneDone && state.undecided === 0 && state.setsceneActive === 0 && state.deferred.size === 0) {
      state.setsceneDone = true;
      if (state.rules.setsceneOnly === true) return end(state, effects, "COMPLETE");
    }
    const real = state.rules.setsceneOnly === true ? "nothing" : offerRealTask(state, effects);
    if (real === "check") return effects;
    if (real === "crash") return end(state, effects, "CRASHED");
    if (real === "again") continue;
    if (state.active > 0 || state.setsceneActive > 0) return effects;
    if (state.phase !== "running" || undeferOne(state)) continue;
    const isComplete = state.completed === state.plan.size;
    return end(state, effects, state.failed > 0 || !isComplete ? "FAILED" : "COMPLETE");
  }
  const isOver = state.phase === "stopping" && state.active <= 0 && state.setsceneActive === 0;
  return isOver ? end(state, effects, state.failed > 0 ? "FAILED" : "COMPLETE") : effects;
}

/** Nothing can run any more, but tasks are deferred: the one which was deferred first is let go. */
function undeferOne(state: BuildState): boolean {
  for (const [task, from] of state.deferred) {
    state.deferred.delete(task);
    state.log.push({ type: "undeferred", at: state.now, tid: tidOf(state, task), from: tidOf(state, from) });
    updateTurn(state, task);
    return true;
  }
  return false;
}

function end(state: BuildState, effects: BuildEffect[], endState: EndState): readonly BuildEffect[] {
  state.phase = "ended";
  state.endState = endState;
  state.log.push({ type: "ended", at: state.now, state: endState });
  effects.push({ type: "end", state: endState });
  return effects;
}

function unreachable(value: never): never {
  throw new StepError(`unknown input ${JSON.stringify(value)}`);
}
