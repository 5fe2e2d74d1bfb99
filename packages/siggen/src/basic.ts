import { type DepId, depIdOf } from "@depid/hash";
import type { DepIdRequest, SignatureGenerator } from "./signature-generator.ts";
import { taskHashOf } from "./taskhash.ts";

/** `basic`: hashes name sstate objects, but no stamps: a change of metadata does not run a task again (runqueue.md section 4). */
export function createBasic(): SignatureGenerator {
  return {
    name: "basic",
    stampHash: "none",
    taskhash: taskHashOf,
    depids: ownTaskHashes,
  };
}

/** Every task is known by its taskhash. */
function ownTaskHashes(tasks: readonly DepIdRequest[]): readonly DepId[] {
  return tasks.map((task) => depIdOf(task.taskhash));
}

/** `basichash`: as `basic`, and stamps carry the taskhash, so that a change runs the task and all above (runqueue.md section 4). */
export function createBasicHash(): SignatureGenerator {
  return { ...createBasic(), name: "basichash", stampHash: "taskhash" };
}
