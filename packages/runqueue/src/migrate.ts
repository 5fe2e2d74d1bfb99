import { deferAnew } from "./duplicates.ts";
import type { BuildEffect } from "./effect.ts";
import type { Update } from "./rehash-state.ts";
import { undecide, unmarkProcessed, updateTurn } from "./sets.ts";
import { lookAtSetsceneTasks } from "./setscene-check.ts";
import { findCovers } from "./setscene-graph.ts";
import { uncover } from "./setscene-side.ts";
import { type BuildState, NOT_COVERED, tidOf } from "./state.ts";
import { forgetWantedHard, hasLostUsers } from "./wanted-hard.ts";

/**
 * Setscene tasks whose hashes changed become undecided again and are looked at anew, unless it is too late for that or a task
 * that they cover is running (runqueue.md section 9, 4).
 *
 * @param updates the answers that brought this about; empty when a migration had to wait
 * @param hasChanged whether the rehash before replaced the hashes of a task
 */
export function migrate(state: BuildState, updates: readonly Update[], hasChanged: boolean): BuildEffect[] {
  const due = [...state.migrationsDue].sort((a, b) => a - b);
  state.migrationsDue.clear();
  const looked: number[] = [];
  for (const task of due) {
    if (!isPossible(state, task)) continue;
    if (!reset(state, task)) return [];
    looked.push(task);
  }
  state.migrationUpdates = updates;
  state.forgetsWantedHard = hasChanged || looked.length > 0;
  if (looked.length === 0) {
    endMigrations(state);
    return [];
  }
  for (const task of looked) {
    const areUsersDecided = state.undecidedAbove[task] === 0 || hasLostUsers(state.plan, task);
    const isReady = areUsersDecided && !isHardFailed(state, task);
    if (isReady || state.plan.undecidedAbove[task] === 0) state.ready[task] = 1;
  }
  state.migrationsHardFailed = looked.filter((task) => isHardFailed(state, task));
  state.setsceneDone = false;
  deferAnew(state, looked);
  for (const task of looked) updateTurn(state, task);
  return lookAtSetsceneTasks(state, looked, "migration");
}

/** The stamps and objects of migrated tasks were looked at. */
export function endMigrations(state: BuildState): void {
  for (const task of state.migrationsHardFailed) uncover(state, task, "hard-dependency-failed");
  state.migrationsHardFailed = [];
  if (state.forgetsWantedHard) forgetWantedHard(state);
  const updates = state.migrationUpdates.map(({ task, depid }) => ({ tid: tidOf(state, task), depid }));
  state.migrationUpdates = [];
  const pending = [...state.migrations].map((task) => tidOf(state, task));
  state.log.push({ type: "rehash-ended", at: state.now, updates, pending });
}

/** A real task ended: migrations that waited for it may go on. */
export function wakeMigrations(state: BuildState, ended: number): void {
  for (const task of state.migrationsBehind.get(ended) ?? []) {
    if (state.migrations.has(task)) state.migrationsDue.add(task);
  }
  state.migrationsBehind.delete(ended);
}

function isPossible(state: BuildState, task: number): boolean {
  if (state.started[task] === 1 || state.setsceneRunning[task] === 1) {
    state.migrations.delete(task);
    state.log.push({ type: "migration-dropped", at: state.now, tid: tidOf(state, task) });
    return false;
  }
  if (!state.migrations.has(task)) return false;
  const running = coversOf(state, task).find((below) => state.started[below] === 1 && state.complete[below] === 0);
  if (running === undefined) return true;
  state.migrationsBehind.set(running, [...(state.migrationsBehind.get(running) ?? []), task]);
  const until = tidOf(state, running);
  state.log.push({ type: "migration-waits", at: state.now, tid: tidOf(state, task), until });
  return false;
}

/** @returns false when the build has failed: something that is complete without having run would have to run */
function reset(state: BuildState, task: number): boolean {
  const { plan } = state;
  state.migrations.delete(task);
  undecide(state, task);
  for (const below of coversOf(state, task)) {
    if (state.complete[below] === 0) {
      if (plan.unskippable[below] === 0) unmarkProcessed(state, below);
    } else if (state.passedOver[below] === 1) {
      const [tid, needed] = [tidOf(state, task), tidOf(state, below)];
      state.log.push({ type: "migration-impossible", at: state.now, tid, task: needed });
      state.isBroken = true;
      state.phase = "stopping";
      return false;
    }
  }
  state.setsceneStarted[task] = 0;
  state.noObject[task] = 0;
  state.notNeeded[task] = 0;
  state.ready[task] = 0;
  state.currentMemo[task] = 0;
  updateTurn(state, task);
  state.log.push({ type: "migrated", at: state.now, tid: tidOf(state, task) });
  return true;
}

/** In a build with many rehashes the same task migrates again and again. */
function coversOf(state: BuildState, task: number): readonly number[] {
  const known = state.covers.get(task);
  if (known !== undefined) return known;
  const covers = findCovers(state.plan, task);
  state.covers.set(task, covers);
  return covers;
}

function isHardFailed({ plan, decision }: BuildState, task: number): boolean {
  const hard = plan.hardDependencies.get(task) ?? [];
  return hard.some((dependency) => ((decision[dependency] as number) & NOT_COVERED) !== 0);
}
