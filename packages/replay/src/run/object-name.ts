import type { DepId } from "@depid/hash";
import { formatObjectName, type HashFn, parseHashFn } from "@depid/sstate";
import type { Task } from "@depid/task-graph";

/** By BB_HASHFILENAME. */
const hashFns = new Map<string, HashFn>();

/** Name of a task's sstate object. Native ones are `universal`: all builders of a replay are alike. */
export function nameOfObject(task: Task, depid: DepId): string {
  let hashFn = hashFns.get(task.hashfn);
  if (hashFn === undefined) {
    hashFn = parseHashFn(task.hashfn);
    hashFns.set(task.hashfn, hashFn);
  }
  return formatObjectName({ hashFn, task: task.task, depid, nativeLsbString: "universal" });
}
