import { TASK_PREFIX } from "@depid/hash";

/**
 * A task's name as the sstate class and the output hash write it: without `do_`. Takes either form, so that callers
 * holding a tid's task (`do_package`) and readers of recordings (`package`) need not care.
 */
export function sstateTaskOf(task: string): string {
  return task.startsWith(TASK_PREFIX) ? task.slice(TASK_PREFIX.length) : task;
}
