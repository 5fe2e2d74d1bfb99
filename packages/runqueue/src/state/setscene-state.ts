import { degreesOf } from "@depid/task-graph";
import { IndexSet } from "../index-set.ts";
import type { BuildPlan } from "../plan.ts";

/** Bits of `SetsceneState.decision`. */
export const COVERED = 1;
export const NOT_COVERED = 2;

/** Of a setscene task: it was restored from an object; its stamp was current. */
export const BY_OBJECT = 1;
export const BY_STAMP = 2;

/** A validation that was asked for and is not answered yet. */
export interface PendingCheck {
  /** Setscene tasks looked at, ascending. */
  readonly tasks: readonly number[];
  /** Those among them whose object is asked for. */
  readonly asked: readonly number[];
  /**
   * `first`: before anything runs. `released`: a task deferred to another does not wait any more. `turn`: it is the turn of a task
   * whose representative was complete all along. `migration`: hashes changed.
   */
  readonly why: "first" | "released" | "turn" | "migration";
}

/**
 * What is decided of setscene tasks. Written by `sets.ts`, which keeps decisions and counts, `turn.ts`, `duplicates.ts` (who is
 * deferred), `wanted-hard.ts` (who is wanted, or waits, as a hard dependency), and the files named `setscene-…`.
 */
export interface SetsceneState {
  /** Of setscene tasks: `COVERED`, `NOT_COVERED`; 0 is undecided. */
  readonly decision: Uint8Array;
  /** Of setscene tasks, bits for what covered them at some time: `BY_OBJECT`, `BY_STAMP`. */
  readonly coveredBy: Uint8Array;
  undecided: number;
  /** How many dependents are, or lead up to, a setscene task that is undecided, covered, not covered. */
  readonly undecidedAbove: Int32Array;
  readonly coveredAbove: Int32Array;
  readonly notCoveredAbove: Int32Array;
  readonly processed: Uint8Array;
  /** How many dependents are not processed. */
  readonly unprocessedAbove: Int32Array;

  readonly noObject: Uint8Array;
  readonly valid: Uint8Array;
  readonly notNeeded: Uint8Array;
  /** All users are decided, or a hard dependent wants it. */
  readonly ready: Uint8Array;
  readonly started: Uint8Array;
  /** The setscene variant is running; how many are. */
  readonly running: Uint8Array;
  active: number;
  /** Covered for a stamp, when it was last looked at. */
  readonly stampPresent: Uint8Array;
  /** How many are. */
  stampsPresent: number;
  /** The first setscene task with a recipe name and depid, at the start: what others are deferred to. */
  readonly representatives: Map<string, number>;
  /** It is this one's turn, and its object was found just now. */
  resumed: number | undefined;
  /** It is its turn, but its hard dependencies are not decided. */
  readonly waitsForHard: Uint8Array;
  readonly neededHard: Uint8Array;
  /** Deferred setscene task -> the task it waits for. */
  readonly deferred: Map<number, number>;
  /** The other way round; may list tasks that no longer wait. Ascending. */
  readonly deferredBehind: Map<number, readonly number[]>;
  /** Places in the setscene order of tasks whose turn it may be. */
  readonly turn: IndexSet;
  /** Place in the setscene order where the next round begins. */
  cursor: number;
  done: boolean;
  pendingCheck: PendingCheck | undefined;
}

export function createSetsceneState(plan: BuildPlan): SetsceneState {
  const { size, setsceneCount } = plan;
  const flags = () => new Uint8Array(size);
  return {
    decision: flags(),
    coveredBy: flags(),
    undecided: setsceneCount,
    undecidedAbove: plan.undecidedAbove.slice(),
    coveredAbove: new Int32Array(size),
    notCoveredAbove: new Int32Array(size),
    processed: flags(),
    unprocessedAbove: degreesOf(plan.dependents),
    noObject: flags(),
    valid: flags(),
    notNeeded: flags(),
    ready: flags(),
    started: flags(),
    running: flags(),
    active: 0,
    stampPresent: flags(),
    stampsPresent: 0,
    representatives: new Map(),
    resumed: undefined,
    waitsForHard: flags(),
    neededHard: flags(),
    deferred: new Map(),
    deferredBehind: new Map(),
    turn: new IndexSet(setsceneCount),
    cursor: 0,
    done: setsceneCount === 0,
    pendingCheck: undefined,
  };
}
