import type { Tid } from "@depid/hash";
import type { BuildPlan, SimulatedBuild } from "@depid/runqueue";
import type { StampVariant } from "@depid/sstate";
import type { TaskGraph } from "@depid/task-graph";
import { criticalPathOf } from "./critical-path.ts";
import {
  type BuildTime,
  type Counts,
  countFates,
  type Fates,
  type Reference,
  type SecondsOf,
  sumFates,
} from "./fates.ts";

/** Counts a build that is done, and its seconds if they are known. A noexec task takes none. */
export function measureBuild(
  {
    graph,
    plan,
    build,
    fates,
  }: {
    readonly graph: TaskGraph;
    readonly plan: BuildPlan;
    readonly build: SimulatedBuild;
    readonly fates: Fates;
  },
  reference: Reference,
  secondsOf: SecondsOf | undefined,
): { readonly counts: Counts; readonly time?: BuildTime } {
  const counts = countFates(fates, reference);
  if (secondsOf === undefined) return { counts };
  const of = (tid: Tid, variant: StampVariant): number => {
    const task = graph.get(tid);
    return task.noexec && variant === "real" ? 0 : secondsOf(task, variant);
  };
  return {
    counts,
    time: {
      serial: sumFates(fates, reference, of),
      wall: build.summary.wallTime / 1000,
      critical: criticalPathOf(plan, fates, of),
    },
  };
}
