import { IndexSet } from "../index-set.ts";
import type { BuildPlan } from "../plan.ts";
import type { Update } from "../rehash-state.ts";

/** Of `MigrationState.vain`: nothing; the task is not covered, as no object can bear its unseen hash; it is undecided again, which the log does not say. */
export const NOT_VAIN = 0;
export const VAIN = 1;
export const VAIN_AGAIN = 2;

/** Setscene tasks with a new hash. Written by `migrate.ts`. */
export interface MigrationState {
  /** Those that are still to be looked at again, and those of them whose turn it is. */
  readonly waiting: IndexSet;
  readonly due: IndexSet;
  /** Tasks that migrate from one unseen hash to the next: what is found each time is logged the first time. */
  readonly vain: Uint8Array;
  /** What tasks cover that migrated. */
  readonly covers: (readonly number[] | undefined)[];
  /** Running real task -> migrations that wait for it to end. */
  readonly behind: Map<number, number[]>;
  /** Of the migrations under way: the answers that brought them about, and the tasks that a hard dependency rules out. */
  updates: readonly Update[];
  hardFailed: readonly number[];
  /** What was wanted as a hard dependency is forgotten when they are over. */
  forgetsWantedHard: boolean;
  /** One calls for a task to run which was passed over: the build fails. */
  isImpossible: boolean;
}

export function createMigrationState({ size }: BuildPlan): MigrationState {
  return {
    waiting: new IndexSet(size),
    due: new IndexSet(size),
    vain: new Uint8Array(size),
    covers: [],
    behind: new Map(),
    updates: [],
    hardFailed: [],
    forgetsWantedHard: false,
    isImpossible: false,
  };
}
