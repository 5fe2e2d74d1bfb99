import type { BuildPlan } from "@depid/runqueue";
import type { Fates } from "./fates.ts";
import type { TaskSeconds } from "./task-seconds.ts";

/**
 * Seconds of the longest chain of tasks of a build that wait for each other: what no number of workers can beat. An executed task waits for what it depends on; one
 * that is restored waits for nothing.
 */
export function criticalPathOf(
  { size, topDown, dependencies }: Pick<BuildPlan, "size" | "topDown" | "dependencies">,
  fates: Pick<Fates, "isExecuted" | "isRestored">,
  { real, setscene }: TaskSeconds,
): number {
  const { start, list } = dependencies;
  const done = new Float64Array(size);
  let longest = 0;
  for (let place = size - 1; place >= 0; place--) {
    const task = topDown[place] as number;
    if (fates.isRestored(task)) done[task] = setscene[task] as number;
    else {
      let from = 0;
      for (let k = start[task] as number; k < (start[task + 1] as number); k++)
        from = Math.max(from, done[list[k] as number] as number);
      done[task] = from + (fates.isExecuted(task) ? (real[task] as number) : 0);
    }
    longest = Math.max(longest, done[task] as number);
  }
  return longest;
}
