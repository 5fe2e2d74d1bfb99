import { forgetCurrent } from "./current.ts";
import { deferAnew } from "./duplicates.ts";
import type { BuildEffect } from "./effect.ts";
import type { Update } from "./rehash-state.ts";
import { undecide, unmarkProcessed } from "./sets.ts";
import { lookAtSetsceneTasks } from "./setscene-check.ts";
import { findCovers } from "./setscene-graph.ts";
import { resumeSetscene, uncover, unsettle } from "./setscene-side.ts";
import { NOT_COVERED } from "./state/setscene-state.ts";
import { type BuildState, tidOf } from "./state/state.ts";
import { makeReady, updateTurn } from "./turn.ts";
import { beginVain, leaveVain, mayBeVain } from "./vain.ts";
import { areUsersDecided, forgetWantedHard } from "./wanted-hard.ts";

/**
 * Setscene tasks whose hashes changed become undecided again and are looked at anew, unless it is too late for that or a task
 * that they cover is running (runqueue.md section 9, 4).
 *
 * @param updates the answers that brought this about; empty when a migration had to wait
 * @param changed tasks of which the rehash before replaced the hashes
 */
export function migrate(state: BuildState, updates: readonly Update[], changed: readonly number[]): BuildEffect[] {
  for (const task of changed) {
    if (state.plan.setscene[task] === 0) continue;
    state.migration.waiting.add(task);
    state.migration.due.add(task);
  }
  const due = state.migration.due.list();
  for (const task of due) state.migration.due.delete(task);
  const looked: number[] = [];
  for (const task of due) {
    if (!isPossible(state, task)) continue;
    if (!reset(state, task)) return [];
    looked.push(task);
  }
  state.migration.updates = updates;
  state.migration.forgetsWantedHard = changed.length > 0 || looked.length > 0;
  if (looked.length === 0) {
    endMigrations(state);
    return [];
  }
  state.migration.hardFailed = looked.filter((task) => isHardFailed(state, task));
  for (const task of looked) {
    const isReady = areUsersDecided(state, task) && !isHardFailed(state, task);
    if (isReady || state.plan.undecidedAbove[task] === 0) makeReady(state, task);
  }
  resumeSetscene(state);
  deferAnew(state, looked);
  for (const task of looked) updateTurn(state, task);
  return lookAtSetsceneTasks(state, looked, "migration");
}

/** The stamps and objects of migrated tasks were looked at. */
export function endMigrations(state: BuildState): void {
  for (const task of state.migration.hardFailed) uncover(state, task, "hard-dependency-failed");
  state.migration.hardFailed = [];
  if (state.migration.forgetsWantedHard) forgetWantedHard(state);
  const updates = state.migration.updates.map(({ task, depid }) => ({ tid: tidOf(state, task), depid }));
  state.migration.updates = [];
  const pending = state.migration.waiting.list().map((task) => tidOf(state, task));
  state.log.push({ type: "rehash-ended", at: state.now, updates, pending });
}

/** A task starts: it is too late for its migration. */
export function cancelMigration(state: BuildState, task: number): void {
  state.migration.waiting.delete(task);
}

/** A real task ended: migrations that waited for it may go on. */
export function wakeMigrations(state: BuildState, ended: number): void {
  for (const task of state.migration.behind.get(ended) ?? []) {
    if (state.migration.waiting.has(task)) state.migration.due.add(task);
  }
  state.migration.behind.delete(ended);
}

function isPossible(state: BuildState, task: number): boolean {
  if (state.real.started[task] === 1 || state.setscene.running[task] === 1) {
    cancelMigration(state, task);
    state.log.push({ type: "migration-dropped", at: state.now, tid: tidOf(state, task) });
    return false;
  }
  if (!state.migration.waiting.has(task)) return false;
  const { started, complete } = state.real;
  const running = coversOf(state, task).find((below) => started[below] === 1 && complete[below] === 0);
  if (running === undefined) return true;
  const behind = state.migration.behind.get(running);
  if (behind === undefined) state.migration.behind.set(running, [task]);
  else behind.push(task);
  const until = tidOf(state, running);
  state.log.push({ type: "migration-waits", at: state.now, tid: tidOf(state, task), until });
  return false;
}

/** @returns false when the build has failed: something that is complete without having run would have to run */
function reset(state: BuildState, task: number): boolean {
  const { plan } = state;
  state.migration.waiting.delete(task);
  if (mayBeVain(state, task)) {
    beginVain(state, task);
    unsettle(state, task);
    return true;
  }
  leaveVain(state, task);
  undecide(state, task);
  for (const below of coversOf(state, task)) {
    if (state.real.complete[below] === 0) {
      if (plan.unskippable[below] === 0) unmarkProcessed(state, below);
    } else if (state.real.passedOver[below] === 1) {
      const [tid, needed] = [tidOf(state, task), tidOf(state, below)];
      state.log.push({ type: "migration-impossible", at: state.now, tid, task: needed });
      state.migration.isImpossible = true;
      state.phase = "stopping";
      return false;
    }
  }
  unsettle(state, task);
  forgetCurrent(state, task);
  state.log.push({ type: "migrated", at: state.now, tid: tidOf(state, task) });
  return true;
}

/** In a build with many rehashes the same task migrates again and again. */
function coversOf(state: BuildState, task: number): readonly number[] {
  state.migration.covers[task] ??= findCovers(state.plan, task);
  return state.migration.covers[task];
}

function isHardFailed({ plan, setscene }: BuildState, task: number): boolean {
  const hard = plan.hardDependencies.get(task);
  if (hard === undefined) return false;
  return hard.some((dependency) => ((setscene.decision[dependency] as number) & NOT_COVERED) !== 0);
}
