import type { DepId, TaskHash } from "@depid/hash";
import type { HashEdges } from "./hash-edges.ts";

/** An answer to a report that is not what was sent. */
export interface Update {
  readonly task: number;
  readonly depid: DepId;
}

/** A task that is hashed anew. */
export interface Draft {
  readonly task: number;
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
  /** Tasks to be hashed anew, by level. */
  readonly dirty: (Set<number> | undefined)[];
  level: number;
  batch: readonly Draft[];
  /** Those of the batch that were restored already, or are being restored. */
  remaps: readonly Draft[];
  /** Tasks whose depid is another one for those that hash them. */
  readonly moved: Set<number>;
  /** Tasks whose hashes in the queue were replaced. */
  readonly changed: number[];
}
