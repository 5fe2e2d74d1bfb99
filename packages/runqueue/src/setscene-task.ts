import type { Task } from "@depid/task-graph";
import type { DepValidTask } from "./depvalid.ts";
import { matchesExempt } from "./enforce.ts";
import type { CoveredWhy, NotCoveredWhy } from "./event.ts";
import { decide, updateTurn } from "./sets.ts";
import { findUsers } from "./setscene-graph.ts";
import { cleanBeforeRun, findSetsceneStamp, isCurrentToTheBottom, keepManifest, makeSetsceneStamp } from "./stamps.ts";
import { type BuildState, COVERED, hasFreeWorker, NOT_COVERED, type PendingCheck, tidOf } from "./state.ts";
import type { BuildEffect } from "./step.ts";

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

/**
 * Looks at setscene tasks before it is their turn: those that are noexec or have a stamp are covered, the others' objects
 * are asked for (runqueue.md section 6).
 *
 * @param tasks ascending
 */
export function lookAtSetsceneTasks(state: BuildState, tasks: readonly number[], first: boolean): BuildEffect[] {
  const asked: number[] = [];
  for (const task of tasks) {
    state.valid[task] = 0;
    state.noObject[task] = 0;
    const why = findStampReason(state, task);
    if (why === undefined) asked.push(task);
    else cover(state, task, why);
  }
  state.pendingCheck = { tasks, asked, first };
  return [{ type: "check", tasks: asked }];
}

/** Takes note of which objects there are. */
export function applyCheck(state: BuildState, { tasks, asked, first }: PendingCheck, answer: readonly boolean[]): void {
  const tids = asked.map((task) => tidOf(state, task));
  state.log.push({
    type: "checked",
    at: state.now,
    asked: asked.map((task, i) => ({ tid: tids[i] as never, depid: state.depid[task] as never })),
    found: tids.filter((_, i) => answer[i]),
    current: first ? countStampCurrent(state, tasks, asked) : 0,
    recheck: first ? undefined : tasks.map((task) => tidOf(state, task)),
  });
  asked.forEach((task, i) => {
    if (answer[i]) state.valid[task] = 1;
    else if (state.decision[task] === 0 && !state.deferred.has(task)) state.noObject[task] = 1;
  });
}

/**
 * A real task is complete: the first task deferred to it is looked at again; the others now wait for that one.
 */
export function releaseDeferred(state: BuildState, task: number): BuildEffect[] {
  const behind = state.deferredBehind.get(task);
  if (behind === undefined) return [];
  state.deferredBehind.delete(task);
  const waiting = behind.filter((other) => state.deferred.get(other) === task);
  const [next, ...others] = waiting;
  if (next === undefined) return [];
  state.deferred.delete(next);
  for (const other of others) state.deferred.set(other, next);
  if (others.length > 0) {
    const already = state.deferredBehind.get(next) ?? [];
    state.deferredBehind.set(
      next,
      [...already, ...others].sort((a, b) => a - b),
    );
  }
  const effects = lookAtSetsceneTasks(state, [next], false);
  updateTurn(state, next);
  return effects;
}

/**
 * Goes round the setscene tasks from where it stopped the last time, and decides or starts the first one whose turn it
 * is (runqueue.md section 7).
 *
 * @returns "again" when something was decided, or started and there is another free worker
 */
export function offerSetsceneTask(state: BuildState, effects: BuildEffect[]): "again" | "nothing" {
  const order = state.plan.setsceneOrder;
  let cursor = state.setsceneCursor;
  for (let looked = 0; ; ) {
    const ahead = state.setsceneTurn.next(cursor);
    const place = ahead >= 0 ? ahead : state.setsceneTurn.next(0);
    if (place < 0) return "nothing";
    looked += ((place - cursor + order.length) % order.length) + 1;
    if (looked > order.length) return "nothing";
    cursor = (place + 1) % order.length;
    const offered = offer(state, order[place] as number, effects);
    if (offered === "pass") continue;
    state.setsceneCursor = cursor;
    return offered;
  }
}

/** A `_setscene` task which ran is done. */
export function finishSetscene(state: BuildState, task: number, ok: boolean): void {
  const tid = tidOf(state, task);
  if (ok) {
    state.log.push({ type: "finished", at: state.now, tid, variant: "setscene" });
    if (state.rules.dryRun !== true) {
      makeSetsceneStamp(state, task);
      keepManifest(state, task);
    }
    cover(state, task, "restored");
    return;
  }
  uncover(state, task, "restore-failed");
  const { enforceExcept } = state.rules;
  const { pn = "", task: name = "" } = state.plan.tasks[task] ?? {};
  if (enforceExcept !== undefined && !matchesExempt(enforceExcept, pn, name)) state.phase = "stopping";
}

function offer(state: BuildState, task: number, effects: BuildEffect[]): "pass" | "again" | "nothing" {
  const { plan } = state;
  if (isStampInUse(state, task)) return "pass";
  if (isNotNeeded(state, task) && plan.isTarget[task] === 0) {
    cover(state, task, "not-needed");
    state.notNeeded[task] = 1;
    state.deferred.delete(task);
    return "again";
  }
  const hard = plan.hardDependencies.get(task);
  if (hard?.some((dependency) => state.decision[dependency] === 0)) return waitForHard(state, task, hard);
  const why = findReasonNotToRestore(state, task);
  if (why === "setscene-stamp-current") cover(state, task, why);
  else if (why !== undefined) uncover(state, task, why);
  if (why !== undefined) return "again";
  startSetscene(state, task, effects);
  return hasFreeWorker(state) ? "again" : "nothing";
}

/** In this order (runqueue.md section 7, 5 to 9). */
function findReasonNotToRestore(
  state: BuildState,
  task: number,
): Exclude<NotCoveredWhy, "hard-dependency-failed" | "restore-failed"> | "setscene-stamp-current" | undefined {
  const { plan, rules } = state;
  if (state.noObject[task] === 1) return "no-object";
  if (isCurrentToTheBottom(state, task)) return "task-stamp-current";
  if (rules.force === true && plan.isTarget[task] === 1) return "forced-target";
  if (findSetsceneStamp(state, task) !== undefined) return "setscene-stamp-current";
  return rules.skipSetscene === true ? "skip-setscene-option" : undefined;
}

function startSetscene(state: BuildState, task: number, effects: BuildEffect[]): void {
  const dry = state.rules.dryRun === true;
  state.setsceneStarted[task] = 1;
  state.setsceneActive += 1;
  updateTurn(state, task);
  const hashes = { taskhash: state.taskhash[task] as never, depid: state.depid[task] as never };
  const tid = tidOf(state, task);
  state.log.push({ type: "started", at: state.now, tid, variant: "setscene", ...hashes, noexec: false, dry });
  if (!dry) cleanBeforeRun(state, task);
  effects.push({ type: "start", task, variant: "setscene", dry, valid: state.valid[task] === 1 });
}

/** All users are covered, none needs it, and nothing else wants it. */
function isNotNeeded(state: BuildState, task: number): boolean {
  const { plan } = state;
  if (plan.unskippable[task] === 1 || state.neededHard[task] === 1 || plan.undecidedAbove[task] === 0) return false;
  if (state.undecidedAbove[task] !== 0 || state.notCoveredAbove[task] !== 0) return false;
  const users = findUsers(plan, task).map((user) => plan.tasks[user] as Task);
  const isUserNotNeeded = ({ tid }: DepValidTask): boolean => state.notNeeded[plan.indices.get(tid) as number] === 1;
  const needed = !state.depValid(plan.tasks[task] as Task, users, isUserNotNeeded);
  const tids = users.map((user) => user.tid);
  state.log.push({ type: "depvalid", at: state.now, tid: tidOf(state, task), users: tids, needed });
  return !needed;
}

/** Makes it the turn of the hard dependencies; the task itself waits. */
function waitForHard(state: BuildState, task: number, hard: readonly number[]): "pass" | "again" {
  let isNew = false;
  for (const dependency of hard) {
    if (state.neededHard[dependency] === 1) continue;
    state.neededHard[dependency] = 1;
    state.ready[dependency] = 1;
    updateTurn(state, dependency);
    isNew = true;
  }
  state.waitsForHard[task] = 1;
  updateTurn(state, task);
  return isNew ? "again" : "pass";
}

function cover(state: BuildState, task: number, why: CoveredWhy): void {
  state.log.push({ type: "setscene-covered", at: state.now, tid: tidOf(state, task), why });
  settle(state, task);
  decide(state, task, COVERED);
  freeHardDependents(state, task);
}

function uncover(state: BuildState, task: number, why: NotCoveredWhy): void {
  state.log.push({ type: "setscene-notcovered", at: state.now, tid: tidOf(state, task), why });
  settle(state, task);
  decide(state, task, NOT_COVERED);
  for (const dependent of state.plan.hardDependents.get(task) ?? []) {
    if (state.decision[dependent] !== 0 || findStampReason(state, dependent) !== undefined) continue;
    uncover(state, dependent, "hard-dependency-failed");
  }
  freeHardDependents(state, task);
}

function settle(state: BuildState, task: number): void {
  state.setsceneStarted[task] = 1;
  state.ready[task] = 1;
  updateTurn(state, task);
}

/** Those which waited for this one, and have no other to wait for, have their turn again. */
function freeHardDependents(state: BuildState, task: number): void {
  for (const dependent of state.plan.hardDependents.get(task) ?? []) {
    if (state.waitsForHard[dependent] === 0) continue;
    const hard = state.plan.hardDependencies.get(dependent) ?? [];
    if (hard.some((dependency) => state.decision[dependency] === 0)) continue;
    state.waitsForHard[dependent] = 0;
    updateTurn(state, dependent);
  }
}

/** noexec tasks get their setscene stamp by being looked at. */
function findStampReason(state: BuildState, task: number): "noexec" | "stamp-current" | undefined {
  if (state.plan.tasks[task]?.noexec) {
    makeSetsceneStamp(state, task);
    return "noexec";
  }
  const isThere = findSetsceneStamp(state, task) !== undefined || isCurrentToTheBottom(state, task);
  return isThere ? "stamp-current" : undefined;
}

function countStampCurrent(state: BuildState, tasks: readonly number[], asked: readonly number[]): number {
  const noexec = tasks.filter((task) => state.plan.tasks[task]?.noexec).length;
  return tasks.length - asked.length - noexec;
}

/** A task does not start while a real one runs that makes the same stamp. */
function isStampInUse({ plan, stampsInUse, rules, taskhash, depid }: BuildState, task: number): boolean {
  if (plan.sharesStampBase[task] === 0 || stampsInUse.size === 0) return false;
  const hash = rules.stampHash === "none" ? "" : (rules.stampHash === "depid" ? depid : taskhash)[task];
  return stampsInUse.has(`${plan.stampBase[task]} ${hash}`);
}
