import { type DepId, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import type { TaskHashes } from "./state.ts";

/** Hashes of a task when nothing but its name matters. */
export function hashesOf(tid: Tid): TaskHashes {
  return hashesFrom(tid);
}

/** Hashes that depend on the text alone; the depid is the taskhash. */
export function hashesFrom(text: string): TaskHashes {
  const hash = sha256Hex(text);
  return { taskhash: hash as TaskHash, depid: hash as DepId };
}
