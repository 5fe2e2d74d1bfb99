import { degreesOf } from "@depid/task-graph";
import { IndexSet } from "../index-set.ts";
import type { BuildPlan } from "../plan.ts";

/** Of a real task: it was run; it was only stamped, as it is noexec; it was passed over, as its stamp is current. */
export const EXECUTED = 1;
export const NOEXEC = 2;
export const EXISTING = 3;

/** How far real tasks are. Written by `real-task.ts`; `startable.ts` keeps what may start. */
export interface RealState {
  /** How many dependencies are not complete. */
  readonly incompleteBelow: Int32Array;
  readonly started: Uint8Array;
  readonly complete: Uint8Array;
  /** What became of it: `EXECUTED`, `NOEXEC`, `EXISTING`; 0 is anything else, or nothing yet. */
  readonly went: Uint8Array;
  /** Passed over as covered: complete without having run or being current. */
  readonly passedOver: Uint8Array;
  /** Ranks of real tasks which may start. */
  readonly startable: IndexSet;
  active: number;
  completed: number;
  skipped: number;
  failed: number;
}

export function createRealState(plan: BuildPlan): RealState {
  const { size } = plan;
  return {
    incompleteBelow: degreesOf(plan.dependencies),
    started: new Uint8Array(size),
    complete: new Uint8Array(size),
    went: new Uint8Array(size),
    passedOver: new Uint8Array(size),
    startable: new IndexSet(size),
    active: 0,
    completed: 0,
    skipped: 0,
    failed: 0,
  };
}
