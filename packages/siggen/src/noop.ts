import { depIdOf, sha256Hex, type TaskHash } from "@depid/hash";
import type { SignatureGenerator } from "./signature-generator.ts";

/** BitBake without a signature handler: the taskhash is the SHA-256 of the tid, whatever the task does (runqueue.md section 3). */
export function createNoop(): SignatureGenerator {
  return {
    name: "noop",
    stampHash: "none",
    taskhash: ({ tid }) => sha256Hex(tid) as TaskHash,
    depids: (tasks) => tasks.map((task) => depIdOf(task.taskhash)),
  };
}
