import type { DepId, TaskHash } from "@depid/hash";
import type { HashEdges } from "./hash-edges.ts";

/** An answer to a report that is not what was sent. */
export interface Update {
  readonly task: number;
  readonly depid: DepId;
}

/** A task whose hashes are others now. */
export interface Draft {
  readonly task: number;
  /** `UNSEEN`: not looked up. */
  readonly taskhash: TaskHash;
  /** What the generator had for it. */
  readonly before: DepId;
}

/**
 * A rehash under way. It goes up level by level, asks for the depids of a level's tasks in one batch, and goes no further
 * where depids stay. Costs in proportion to what the tasks hash that stand directly above a depid which changed.
 */
export interface Rehash {
  readonly updates: readonly Update[];
  readonly edges: HashEdges;
  /** Counts rehashes, from 1. */
  readonly number: number;
  /** Tasks to be hashed anew, by level. */
  readonly dirty: (number[] | undefined)[];
  level: number;
  batch: readonly Draft[];
  /** How many of the batch were looked up. */
  asked: number;
  /** Those of the batch that were restored already, or are being restored. */
  remaps: readonly Draft[];
  /** What tasks had before they were answered, and whether one of them has it again. */
  readonly adopted: Map<number, DepId>;
  isReverted: boolean;
  /** Tasks whose hashes in the queue were replaced. */
  readonly changed: number[];
}
