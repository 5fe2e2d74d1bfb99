import type { DepId, TaskHash, Tid } from "@depid/hash";
import type { BuildEffect } from "../effect.ts";
import type { HashEdges } from "../hash-edges.ts";
import type { BuildPlan } from "../plan.ts";
import type { Rehash, Update } from "../rehash-state.ts";
import type { BuildRules } from "./rules.ts";
import { createUnseenState, type UnseenState } from "./unseen-state.ts";

/** The hashes of a build's tasks, and what changes them. Written by `rehash.ts` and `unseen.ts`; what is `UNSEEN` is both in queue and generator. */
export interface HashState {
  /** The hashes that the queue goes by. */
  readonly taskhash: TaskHash[];
  readonly depid: DepId[];
  /**
   * The hashes that the generator has: what dependents hash and stamps are named by. They are others than the queue's when a
   * rehash left a task alone (runqueue.md section 9, 2).
   */
  readonly generated: { readonly taskhash: TaskHash[]; readonly depid: DepId[] };
  /** Taskhashes that workers have in place of the generator's, as nothing was changed in the queue since they were sent to them. */
  readonly unsent: Map<number, TaskHash>;
  /** Tasks whose depid in the generator is not that of the queue. */
  readonly disputed: Set<number>;
  /** Made with the first rehash. */
  edges: HashEdges | undefined;
  /** Answers that take effect before anything else is decided. */
  updates: Update[];
  /** The rehash that waits for answers. */
  rehash: Rehash | undefined;
  /** How many rehashes there were. */
  rehashes: number;
  /** Of each task the number of the last rehash in which its depid moved, and in which it was to be hashed anew. Made with the first one. */
  movedIn: Int32Array;
  dirtyIn: Int32Array;
  /** Without the depids of earlier builds, nothing is known to be new. */
  readonly unseen: UnseenState | undefined;
  /** What the builder is to remember, and was not told yet. */
  learnt: (BuildEffect & { readonly type: "remember" })[];
}

export function createHashState(plan: BuildPlan, rules: BuildRules): HashState {
  const taskhash = new Array<TaskHash>(plan.size);
  const depid = new Array<DepId>(plan.size);
  for (let task = 0; task < plan.size; task++) {
    const hashes = rules.hashesOf(plan.tids[task] as Tid, task);
    taskhash[task] = hashes.taskhash;
    depid[task] = hashes.depid;
  }
  const { earlierDepIds } = rules;
  return {
    taskhash,
    depid,
    generated: { taskhash: taskhash.slice(), depid: depid.slice() },
    unsent: new Map(),
    disputed: new Set(),
    edges: undefined,
    updates: [],
    rehash: undefined,
    rehashes: 0,
    movedIn: new Int32Array(0),
    dirtyIn: new Int32Array(0),
    unseen: earlierDepIds && createUnseenState(earlierDepIds, taskhash, depid),
    learnt: [],
  };
}
