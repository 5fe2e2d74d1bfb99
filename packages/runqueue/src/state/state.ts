import type { DepId, TaskHash, Tid } from "@depid/hash";
import type { BuilderState } from "../builder.ts";
import { createDepValid, type DepValid } from "../depvalid.ts";
import { PlanError } from "../errors.ts";
import type { BuildEvent, EndState } from "../event.ts";
import type { BuildPlan } from "../plan.ts";
import type { TaskHashes } from "../task-hashes.ts";
import { createHashState, type HashState } from "./hash-state.ts";
import { createMigrationState, type MigrationState } from "./migration-state.ts";
import { createRealState, type RealState } from "./real-state.ts";
import type { BuildRules } from "./rules.ts";
import { COVERED, createSetsceneState, NOT_COVERED, type SetsceneState } from "./setscene-state.ts";
import { createStampState, type StampState } from "./stamp-state.ts";

/**
 * A build under way. Owned by `step`, which changes it in place: copying thousands of entries for every event would make
 * each event cost as much as the graph. Arrays have an entry per task; flags are 0 or 1.
 */
export interface BuildState {
  readonly plan: BuildPlan;
  readonly builder: BuilderState;
  readonly rules: BuildRules;
  readonly workers: number;
  readonly depValid: DepValid;
  readonly sstateClass: boolean;
  readonly log: BuildEvent[];
  /** Milliseconds since the build began. */
  now: number;
  phase: "new" | "running" | "stopping" | "ended";
  endState: EndState | undefined;
  readonly hashes: HashState;
  readonly setscene: SetsceneState;
  readonly real: RealState;
  readonly stamps: StampState;
  readonly migration: MigrationState;
}

/** A build of this plan in this build directory, before its first step. @throws {PlanError} when there are no workers */
export function createState(plan: BuildPlan, builder: BuilderState, rules: BuildRules): BuildState {
  if (!(rules.workers === undefined || rules.workers >= 1))
    throw new PlanError(`workers: expected at least 1, found ${rules.workers}`);
  return {
    plan,
    builder,
    rules,
    workers: rules.workers ?? 1,
    depValid: rules.depValid ?? createDepValid(),
    sstateClass: rules.sstateClass ?? true,
    log: [],
    now: 0,
    phase: "new",
    endState: undefined,
    hashes: createHashState(plan, rules),
    setscene: createSetsceneState(plan),
    real: createRealState(plan),
    stamps: createStampState(plan, builder),
    migration: createMigrationState(plan),
  };
}

/** Tid of a task. */
export function tidOf(state: BuildState, task: number): Tid {
  return state.plan.tids[task] as Tid;
}

/** The hashes a task has now. */
export function hashesOfTask(state: BuildState, task: number): TaskHashes {
  return { taskhash: state.hashes.taskhash[task] as TaskHash, depid: state.hashes.depid[task] as DepId };
}

/** Whether another task may become active. */
export function hasFreeWorker(state: BuildState): boolean {
  return state.real.active + state.setscene.active < state.workers;
}

/** Whether a task is held to be covered at this moment (runqueue.md section 8). */
export function isCovered(state: BuildState, task: number): boolean {
  if (state.setscene.processed[task] === 0 || isNotCovered(state, task)) return false;
  return state.plan.setscene[task] === 1
    ? ((state.setscene.decision[task] as number) & COVERED) !== 0
    : (state.setscene.coveredAbove[task] as number) > 0;
}

/** Whether a task is held to be not covered at this moment. One user which is not covered outweighs all others. */
export function isNotCovered(state: BuildState, task: number): boolean {
  const { plan } = state;
  if (state.setscene.processed[task] === 0) return false;
  if (plan.setscene[task] === 1) return ((state.setscene.decision[task] as number) & NOT_COVERED) !== 0;
  return (
    (state.setscene.notCoveredAbove[task] as number) > 0 || plan.cantSkip[task] === 1 || plan.unskippable[task] === 1
  );
}
