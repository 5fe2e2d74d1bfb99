import type { BuildPlan } from "@depid/runqueue";
import { criticalPathOf } from "./critical-path.ts";
import type { BuildTime, Counts, Fates, Reference } from "./fates.ts";
import type { TaskSeconds } from "./task-seconds.ts";

/**
 * Counts a build that is done, and its seconds if they are known.
 *
 * @param wallTime from begin to end, in milliseconds
 */
export function measureBuild(
  { plan, wallTime, fates }: { readonly plan: BuildPlan; readonly wallTime: number; readonly fates: Fates },
  reference: Reference,
  seconds: TaskSeconds | undefined,
): { readonly counts: Counts; readonly time?: BuildTime } {
  const one = new Uint8Array(plan.size).fill(1);
  const counts = fates.sum(reference, one, one);
  if (seconds === undefined) return { counts };
  return {
    counts,
    time: {
      serial: fates.sum(reference, seconds.real, seconds.setscene),
      wall: wallTime / 1000,
      critical: criticalPathOf(plan, fates, seconds),
    },
  };
}
