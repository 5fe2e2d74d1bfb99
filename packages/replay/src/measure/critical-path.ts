import type { Tid } from "@depid/hash";
import type { BuildPlan } from "@depid/runqueue";
import type { StampVariant } from "@depid/sstate";
import type { Fates } from "./fates.ts";

/**
 * Seconds of the longest chain of tasks of a build that wait for each other: what no number of workers can beat. An executed task waits for what it depends on; one
 * that is restored waits for nothing.
 */
export function criticalPathOf(
  { tids, topDown, dependencies }: Pick<BuildPlan, "tids" | "topDown" | "dependencies">,
  { executed, restored }: Pick<Fates, "executed" | "restored">,
  secondsOf: (tid: Tid, variant: StampVariant) => number,
): number {
  const done = new Float64Array(tids.length);
  let longest = 0;
  for (const task of topDown.toReversed()) {
    const tid = tids[task] as Tid;
    if (restored.has(tid)) done[task] = secondsOf(tid, "setscene");
    else {
      let from = 0;
      for (let k = dependencies.start[task] as number; k < (dependencies.start[task + 1] as number); k++)
        from = Math.max(from, done[dependencies.list[k] as number] as number);
      done[task] = from + (executed.has(tid) ? secondsOf(tid, "real") : 0);
    }
    longest = Math.max(longest, done[task] as number);
  }
  return longest;
}
