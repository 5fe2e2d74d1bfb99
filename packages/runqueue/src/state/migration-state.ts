import type { Update } from "../rehash-state.ts";

/** Setscene tasks with a new hash. Written by `migrate.ts`. */
export interface MigrationState {
  /** Those that are still to be looked at again, and those of them whose turn it is. */
  readonly waiting: Set<number>;
  readonly due: Set<number>;
  /** What tasks cover that migrated. */
  readonly covers: Map<number, readonly number[]>;
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

export function createMigrationState(): MigrationState {
  return {
    waiting: new Set(),
    due: new Set(),
    covers: new Map(),
    behind: new Map(),
    updates: [],
    hardFailed: [],
    forgetsWantedHard: false,
    isImpossible: false,
  };
}
