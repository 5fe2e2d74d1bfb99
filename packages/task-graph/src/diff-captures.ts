import { type CaptureChange, sameTask } from "./change.ts";
import type { TaskGraph } from "./task-graph.ts";

/** The change that leads from one capture to the other; both lists by code point of the tids. */
export function diffCaptures(before: TaskGraph, after: TaskGraph): CaptureChange {
  return {
    upsert: after.tasks.filter((task) => {
      const old = before.find(task.tid);
      return old === undefined || !sameTask(old, task);
    }),
    remove: before.tids.filter((tid) => !after.has(tid)),
  };
}
