import type { Task } from "./task.ts";

/** The row of a task without its variables; keys that have their default are left out. */
export function rowOfTask({ noexec, stampExtra, harddeps, variables: _, ...task }: Task): object {
  return {
    ...task,
    ...(harddeps.length === 0 ? {} : { harddeps }),
    ...(noexec ? { noexec } : {}),
    ...(stampExtra === "" ? {} : { stamp_extra: stampExtra }),
  };
}
