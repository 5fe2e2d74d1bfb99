import {
  type BaseHash,
  type DepId,
  isNostampTaint,
  NOSTAMP_TAINT,
  sha256Hex,
  type TaskHash,
  type Tid,
} from "@depid/hash";
import type { FileChecksum, Task } from "@depid/task-graph";

/** Everything a taskhash is computed from. Two of these, diffed, explain a rebuild. */
export interface TaskHashInput {
  readonly tid: Tid;
  readonly basehash: BaseHash;
  /** Dependencies in the order of hashing: by `pn:task`, then tid. */
  readonly hashdeps: readonly Tid[];
  /** Their depids, in the same order: what is hashed of them, never their taskhash. */
  readonly depids: readonly DepId[];
  /** In the order of hashing. */
  readonly files: readonly FileChecksum[];
  readonly taint: string | undefined;
}

/**
 * The input of a task's hash.
 *
 * @param depids of its hash dependencies, in their order
 */
export function taskHashInput(task: Task, depids: readonly DepId[], taint = task.taint): TaskHashInput {
  const { tid, basehash, hashdeps, files } = task;
  return { tid, basehash, hashdeps, depids, files, taint };
}

/**
 * The exact text a taskhash is the SHA-256 of (runqueue.md section 3): basehash; depids; for each file that has a checksum its
 * `./` name, if it has one, and the checksum; the taint without a leading `nostamp:`. No separators.
 */
export function taskHashText(input: TaskHashInput): string {
  let text: string = input.basehash;
  for (const depid of input.depids) text += depid;
  for (const file of input.files) {
    if (file[1] === null) continue;
    if (file[0].startsWith("./")) text += file[0];
    text += file[1];
  }
  if (input.taint !== undefined)
    text += isNostampTaint(input.taint) ? input.taint.slice(NOSTAMP_TAINT.length) : input.taint;
  return text;
}

/** The taskhash of all generators that look at metadata: Basic, BasicHash, EquivHash. */
export function taskHashOf(input: TaskHashInput): TaskHash {
  return sha256Hex(taskHashText(input)) as TaskHash;
}
