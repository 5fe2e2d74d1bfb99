import { type Brand, recipeOfName, taskName, taskOfName } from "@depid/hash";
import type { Task } from "@depid/task-graph";

/**
 * A task across versions of its recipe: `[mc:config:]pn:task`. A tid carries the version in the name of the recipe file, this
 * does not.
 */
export type TaskKey = Brand<string, "TaskKey">;

export function taskKeyOf(task: Task): TaskKey {
  return taskName(task) as TaskKey;
}

/** `[mc:config:]pn` of a key. */
export function recipeOfKey(key: TaskKey): string {
  return recipeOfName(key);
}

/** Task of a key, with `do_`. */
export function taskOfKey(key: TaskKey): string {
  return taskOfName(key);
}
