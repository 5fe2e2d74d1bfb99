import type { TaskHash, Tid } from "@depid/hash";
import { isCurrent } from "./current.ts";
import type { BuildEffect } from "./effect.ts";
import { matchesExempt } from "./enforce.ts";
import type { FailWhy, SkipWhy } from "./event.ts";
import { cancelMigration } from "./migrate.ts";
import { releaseDeferred } from "./setscene-check.ts";
import { cleanBeforeRun, isStampInUse, keepManifest, makeStamp, noteEnded, noteRunning } from "./stamps.ts";
import { updateStartable } from "./startable.ts";
import { EXECUTED, EXISTING, NOEXEC } from "./state/real-state.ts";
import type { RunningTask } from "./state/stamp-state.ts";
import { type BuildState, hasFreeWorker, hashesOfTask, isCovered, tidOf } from "./state/state.ts";
import { noteTold, reveal } from "./unseen.ts";

/**
 * Takes the best real task that may start, and passes over it or starts it (runqueue.md sections 8, 11, 12).
 *
 * @returns "check" when effects hold a check, which must be answered first; "crash" where BitBake does
 */
export function offerRealTask(state: BuildState, effects: BuildEffect[]): "again" | "nothing" | "check" | "crash" {
  if (!hasFreeWorker(state) || state.real.startable.size === 0) return "nothing";
  const task = findBestTask(state);
  // The priority list of scheduler basic has one element, which is no task: looking a task up in it raises.
  if (state.plan.scheduler === "basic" && (task === undefined || state.real.startable.size > 1)) return "crash";
  if (task === undefined) return "nothing";
  const { noexec = false } = state.plan.tasks[task] ?? {};
  const why = isCovered(state, task) ? "covered" : isCurrent(state, task) ? "existing" : undefined;
  if (why === undefined && !noexec && !mayExecute(state, task)) {
    failTask(state, task, "enforced");
    if (state.rules.keepGoing === true) {
      state.log.push({ type: "endless", at: state.now, tid: tidOf(state, task) });
      state.phase = "stopping";
    }
    return "again";
  }
  if (why === undefined && !noexec) return start(state, task, effects);
  if (why !== undefined) skip(state, task, why);
  else stampNoexec(state, task);
  const checks = releaseDeferred(state, task);
  effects.push(...checks);
  return checks.length > 0 ? "check" : "again";
}

/** A real task does not run any more, however it ended. @returns what it went by */
export function endRun(state: BuildState, task: number): RunningTask {
  state.real.active -= 1;
  return noteEnded(state, task);
}

/** A real task which ran is done: what depends on it may start. @param stampHash what its stamp is named by */
export function finishTask(state: BuildState, task: number, stampHash: string): void {
  state.log.push({ type: "finished", at: state.now, tid: tidOf(state, task), variant: "real" });
  if (!isDry(state)) {
    makeStamp(state, task, stampHash);
    keepManifest(state, task);
  }
  complete(state, task);
}

/** A real task failed, or may not run: nothing above it runs, and without `-k` nothing else is started. */
export function failTask(state: BuildState, task: number, why: FailWhy): void {
  state.log.push({ type: "failed", at: state.now, tid: tidOf(state, task), why });
  state.real.failed += 1;
  claim(state, task);
  if (state.rules.keepGoing !== true) state.phase = "stopping";
}

function start(state: BuildState, task: number, effects: BuildEffect[]): "again" | "nothing" {
  const dry = isDry(state);
  reveal(state, task);
  noteTold(state, task, state.hashes.taskhash[task] as TaskHash);
  const reports = isReported(state, task);
  claim(state, task);
  state.real.went[task] = EXECUTED;
  state.real.active += 1;
  noteRunning(state, task, "real");
  logStart(state, task, false, dry);
  if (!dry) cleanBeforeRun(state, task);
  effects.push({ type: "start", task, variant: "real", hashes: hashesOfTask(state, task), dry, reports, valid: false });
  return hasFreeWorker(state) ? "again" : "nothing";
}

/**
 * An sstate task reports its output, unless the build has setscene tasks and this is none of them, or its worker knows it by another
 * taskhash than the queue: BitBake takes that for a locked signature.
 */
function isReported({ plan, rules, hashes: { taskhash, generated, unsent } }: BuildState, task: number): boolean {
  if (plan.tasks[task]?.setscene !== true || rules.locked?.has(plan.tids[task] as Tid) === true) return false;
  if (plan.setsceneCount > 0 && plan.setscene[task] === 0) return false;
  return taskhash[task] === (unsent.get(task) ?? generated.taskhash[task]);
}

function skip(state: BuildState, task: number, why: SkipWhy): void {
  state.log.push({ type: "skipped", at: state.now, tid: tidOf(state, task), why });
  claim(state, task);
  if (why === "covered") state.real.passedOver[task] = 1;
  else state.real.went[task] = EXISTING;
  state.real.skipped += 1;
  complete(state, task);
}

function stampNoexec(state: BuildState, task: number): void {
  claim(state, task);
  state.real.went[task] = NOEXEC;
  reveal(state, task);
  logStart(state, task, true, isDry(state));
  if (!isDry(state)) makeStamp(state, task);
  state.log.push({ type: "finished", at: state.now, tid: tidOf(state, task), variant: "real" });
  complete(state, task);
}

function logStart(state: BuildState, task: number, noexec: boolean, dry: boolean): void {
  const { taskhash, depid } = hashesOfTask(state, task);
  const tid = tidOf(state, task);
  state.log.push({ type: "started", at: state.now, tid, variant: "real", taskhash, depid, noexec, dry });
}

/** Takes the task out of those that may start. */
function claim(state: BuildState, task: number): void {
  state.real.started[task] = 1;
  cancelMigration(state, task);
  updateStartable(state, task);
}

function complete(state: BuildState, task: number): void {
  const { start: from, list } = state.plan.dependents;
  state.real.complete[task] = 1;
  state.real.completed += 1;
  for (let k = from[task] as number; k < (from[task + 1] as number); k++) {
    const dependent = list[k] as number;
    const left = (state.real.incompleteBelow[dependent] as number) - 1;
    state.real.incompleteBelow[dependent] = left;
    if (left === 0) updateStartable(state, dependent);
  }
}

function findBestTask(state: BuildState): number | undefined {
  const { plan } = state;
  const { startable } = state.real;
  for (let rank = startable.next(0); rank >= 0; rank = startable.next(rank + 1)) {
    const task = plan.priority[rank] as number;
    if (!isStampInUse(state, task)) return task;
  }
  return undefined;
}

/** With BB_SETSCENE_ENFORCE, only exempt tasks may run. */
function mayExecute({ plan, rules }: BuildState, task: number): boolean {
  const { pn = "", task: name = "" } = plan.tasks[task] ?? {};
  return rules.enforceExcept === undefined || matchesExempt(rules.enforceExcept, pn, name);
}

/** Nothing is executed with `-n`; nor with BB_SETSCENE_ENFORCE, where tasks that are exempt do not run either. */
function isDry({ rules }: BuildState): boolean {
  return rules.dryRun === true || rules.enforceExcept !== undefined;
}
