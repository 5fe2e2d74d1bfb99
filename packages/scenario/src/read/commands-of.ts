import type { Tid } from "@depid/hash";
import type { TaskCommand } from "../scenario.ts";
import { type DrawnTask, tidOfDrawn } from "./drawn-task.ts";

/** How the tasks of a step are run. */
export function commandsOf(tasks: ReadonlyMap<string, DrawnTask>): ReadonlyMap<Tid, TaskCommand> {
  return new Map(
    [...tasks.values()].map((task) => {
      const { name, recipe, version, needs, run, variables, files } = task;
      const inputs = [...new Set(needs)].map((it) => tidOfDrawn(tasks.get(it) as DrawnTask));
      return [tidOfDrawn(task), { name, recipe, version, inputs, run, variables, files }] as const;
    }),
  );
}
