import type { Task } from "@depid/task-graph";
import { isCurrentToTheBottom } from "./current.ts";
import type { DepValidTask } from "./depvalid.ts";
import { deferDuplicates, undefer } from "./duplicates.ts";
import type { BuildEffect } from "./effect.ts";
import { matchesExempt } from "./enforce.ts";
import type { NotCoveredWhy } from "./event.ts";
import { cancelMigration } from "./migrate.ts";
import { markProcessed } from "./sets.ts";
import { askForObjects } from "./setscene-check.ts";
import { findUsers } from "./setscene-graph.ts";
import { cover, uncover } from "./setscene-side.ts";
import {
  cleanBeforeRun,
  findSetsceneStamp,
  isStampInUse,
  keepManifest,
  makeSetsceneStamp,
  noteEnded,
  noteRunning,
} from "./stamps.ts";
import { COVERED } from "./state/setscene-state.ts";
import { type BuildState, hasFreeWorker, hashesOfTask, tidOf } from "./state/state.ts";
import { makeReady, updateTurn } from "./turn.ts";
import { reveal } from "./unseen.ts";
import { areUsersDecided, hasLostUsers, waitForHard } from "./wanted-hard.ts";

/** Finds out which setscene tasks are duplicates, and whose turn it is. @returns all of them, ascending */
export function beginSetscene(state: BuildState): readonly number[] {
  const { plan } = state;
  const setscene: number[] = [];
  for (let task = 0; task < plan.size; task++) {
    if (plan.setscene[task] === 0) {
      if (plan.unskippable[task] === 1) markProcessed(state, task);
    } else {
      setscene.push(task);
      if (areUsersDecided(state, task)) makeReady(state, task);
    }
  }
  deferDuplicates(state, setscene);
  for (const task of setscene) updateTurn(state, task);
  return setscene;
}

/**
 * Goes round the setscene tasks from where it stopped the last time, and decides or starts the first one whose turn it
 * is (runqueue.md section 7).
 *
 * @returns "again" when something was decided, or started and there is another free worker; "check" when effects hold a check,
 *   which must be answered first
 */
export function offerSetsceneTask(state: BuildState, effects: BuildEffect[]): "again" | "nothing" | "check" {
  const order = state.plan.setsceneOrder;
  let cursor = state.setscene.cursor;
  const { resumed } = state.setscene;
  if (resumed !== undefined) {
    state.setscene.resumed = undefined;
    return restore(state, resumed, effects);
  }
  for (let looked = 0; ; ) {
    const ahead = state.setscene.turn.next(cursor);
    const place = ahead >= 0 ? ahead : state.setscene.turn.next(0);
    if (place < 0) return "nothing";
    looked += ((place - cursor + order.length) % order.length) + 1;
    if (looked > order.length) return "nothing";
    cursor = (place + 1) % order.length;
    const offered = offer(state, order[place] as number, effects);
    if (offered === "pass") continue;
    state.setscene.cursor = cursor;
    return offered;
  }
}

/** A `_setscene` task which ran is done. */
export function finishSetscene(state: BuildState, task: number, ok: boolean): void {
  const tid = tidOf(state, task);
  const { stampHash } = noteEnded(state, task);
  state.setscene.running[task] = 0;
  state.setscene.active -= 1;
  if (ok) {
    state.log.push({ type: "finished", at: state.now, tid, variant: "setscene" });
    if (state.rules.dryRun !== true) {
      makeSetsceneStamp(state, task, stampHash);
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

/** All setscene tasks are decided, none runs or waits: there is nothing left to do for them, until a migration. */
export function endSetscene(state: BuildState): boolean {
  const { done, undecided, active, deferred } = state.setscene;
  if (done || undecided > 0 || active > 0 || deferred.size > 0) return false;
  state.setscene.done = true;
  return true;
}

/** The object of a task whose representative was complete all along was asked for. */
export function applyTurnCheck(state: BuildState, task: number, found: boolean): void {
  if (found) state.setscene.resumed = task;
  else uncover(state, task, "deferred-not-valid");
}

function offer(state: BuildState, task: number, effects: BuildEffect[]): "pass" | "again" | "nothing" | "check" {
  const { plan } = state;
  if (isStampInUse(state, task)) return "pass";
  if (isNotNeeded(state, task) && plan.isTarget[task] === 0) {
    cover(state, task, "not-needed");
    state.setscene.notNeeded[task] = 1;
    undefer(state, task);
    return "again";
  }
  const hard = plan.release.hardDependencies === "wanted" ? plan.hardDependencies.get(task) : undefined;
  if (hard?.some((dependency) => state.setscene.decision[dependency] === 0)) return waitForHard(state, task, hard);
  if (!undefer(state, task)) return restore(state, task, effects);
  effects.push(askForObjects(state, { tasks: [task], asked: [task], why: "turn" }));
  return "check";
}

function restore(state: BuildState, task: number, effects: BuildEffect[]): "again" | "nothing" {
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
):
  | Exclude<NotCoveredWhy, "hard-dependency-failed" | "restore-failed" | "deferred-not-valid">
  | "setscene-stamp-current"
  | undefined {
  const { plan, rules } = state;
  if (state.setscene.noObject[task] === 1) return "no-object";
  if (isCurrentToTheBottom(state, task)) return "task-stamp-current";
  if (rules.force === true && plan.isTarget[task] === 1) return "forced-target";
  if (findSetsceneStamp(state, task) !== undefined) return "setscene-stamp-current";
  return rules.skipSetscene === true ? "skip-setscene-option" : undefined;
}

function startSetscene(state: BuildState, task: number, effects: BuildEffect[]): void {
  const dry = state.rules.dryRun === true;
  state.setscene.started[task] = 1;
  state.setscene.active += 1;
  state.setscene.running[task] = 1;
  cancelMigration(state, task);
  reveal(state, task);
  noteRunning(state, task, "setscene");
  updateTurn(state, task);
  const hashes = hashesOfTask(state, task);
  const tid = tidOf(state, task);
  const { taskhash, depid } = hashes;
  state.log.push({ type: "started", at: state.now, tid, variant: "setscene", taskhash, depid, noexec: false, dry });
  if (!dry) cleanBeforeRun(state, task);
  effects.push({
    type: "start",
    task,
    variant: "setscene",
    hashes,
    dry,
    reports: false,
    valid: state.setscene.valid[task] === 1,
  });
}

/** All users are covered, none needs it, and nothing else wants it. */
function isNotNeeded(state: BuildState, task: number): boolean {
  const { plan } = state;
  if (plan.unskippable[task] === 1 || state.setscene.neededHard[task] === 1) return false;
  const isWanted = hasLostUsers(plan, task);
  if (!isWanted && (state.setscene.undecidedAbove[task] !== 0 || state.setscene.notCoveredAbove[task] !== 0))
    return false;
  const alsoUsers = plan.release.hardDependencies === "users" ? (plan.hardDependencies.get(task) ?? []) : [];
  if (alsoUsers.some((user) => state.setscene.decision[user] !== COVERED)) return false;
  const hasUsers = (!isWanted && plan.undecidedAbove[task] !== 0) || alsoUsers.length > 0;
  if (!hasUsers) return false;
  const found = isWanted ? [] : findUsers(plan, task);
  const all = alsoUsers.length === 0 ? found : [...new Set([...found, ...alsoUsers])].sort((a, b) => a - b);
  const users = all.map((user) => plan.tasks[user] as Task);
  const isUserNotNeeded = ({ tid }: DepValidTask): boolean =>
    state.setscene.notNeeded[plan.indices.get(tid) as number] === 1;
  const needed = !state.depValid(plan.tasks[task] as Task, users, isUserNotNeeded);
  const tids = users.map((user) => user.tid);
  state.log.push({ type: "depvalid", at: state.now, tid: tidOf(state, task), users: tids, needed });
  return !needed;
}
