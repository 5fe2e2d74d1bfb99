import type { DepId, TaskHash } from "@depid/hash";

/** The hashes of a task. */
export interface TaskHashes {
  readonly taskhash: TaskHash;
  readonly depid: DepId;
}
