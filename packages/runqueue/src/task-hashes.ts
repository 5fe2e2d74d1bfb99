import type { DepId, TaskHash } from "@depid/hash";

/** The hashes of a task. */
export interface TaskHashes {
  readonly taskhash: TaskHash;
  readonly depid: DepId;
}

/** In place of both hashes of a task: nobody ever had them, so that they are not computed before they are needed (`unseen.ts`). */
export const UNSEEN = "" as TaskHash & DepId;
