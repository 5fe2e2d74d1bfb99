import type { BuilderState, StampTime } from "../builder.ts";
import type { BuildPlan } from "../plan.ts";
import type { StampIndex } from "../stamp-families.ts";
import type { StampNumbers } from "../stamp-numbers.ts";
import type { TaskHashes } from "../task-hashes.ts";

/** What a task that is running had when it was started: a rehash does not reach it. */
export interface RunningTask extends TaskHashes {
  /** Hash that its stamp will be named by. */
  readonly stampHash: string;
  /** What it holds in `inUse`. */
  readonly stampUse: string | undefined;
}

/** Stamps in the build directory. Written by `stamps.ts`, `stamp-versions.ts` and, the memo, `current.ts`. */
export interface StampState {
  readonly numbers: StampNumbers;
  /** By number of their `StampFile`. Replaced whole, never changed. */
  readonly made: (readonly StampTime[] | undefined)[];
  /** How many stamp files of the builder are of no task of this plan: of other versions, or other targets. */
  readonly unplanned: number;
  /** Those, made when they are first asked for; and those of them that were removed. */
  otherVersions: StampIndex | undefined;
  readonly removed: Set<string>;
  readonly manifests: Set<string>;
  /** Memo of "recursively current": 0 unknown, 1 current, 2 not current. Lasts for the build (runqueue.md section 5). */
  readonly currentMemo: Uint8Array;
  readonly running: (RunningTask | undefined)[];
  /** Stamp base and hash of running real tasks, for bases that several tasks share. */
  readonly inUse: Set<string>;
}

export function createStampState(plan: BuildPlan, builder: BuilderState): StampState {
  const numbers = plan.stamps();
  const { stampKeys } = numbers;
  const made = new Array<readonly StampTime[] | undefined>(stampKeys.length).fill(undefined);
  let planned = 0;
  for (let number = 0; builder.stamps.size > 0 && number < made.length; number++) {
    made[number] = builder.stamps.get(stampKeys[number] as string)?.made;
    if (made[number] !== undefined) planned += 1;
  }
  return {
    numbers,
    made,
    unplanned: builder.stamps.size - planned,
    otherVersions: undefined,
    removed: new Set(),
    manifests: new Set(builder.manifests),
    currentMemo: new Uint8Array(plan.size),
    running: new Array(plan.size).fill(undefined),
    inUse: new Set(),
  };
}
