import {
  type Durations,
  type KnownDuration,
  type Measure,
  type SourceShares,
  scheduleTasks,
  shareOfSources,
  type WorkEstimate,
} from "@depid/durations";
import type { Tid } from "@depid/hash";
import type { CapturedTask } from "@depid/task-graph";
import type { Comparison } from "./compare.ts";

/** What a comparison costs in time, as far as durations are known. */
export interface DiffCost {
  readonly workers: number;
  readonly measure: Measure;
  /** Where the durations come from. */
  readonly names: readonly string[];
  /** All changed tasks executed. */
  readonly changed: WorkEstimate;
  /** All tasks of the second capture only. */
  readonly added: WorkEstimate;
  /** By cause, in the order of the comparison: all changed tasks that it reaches. */
  readonly causes: readonly WorkEstimate[];
  /** Where the seconds of changed and added tasks come from; noexec tasks, which take none, are not counted. */
  readonly sources: SourceShares;
}

/**
 * What it takes to execute what changed: one after another, and with workers by list scheduling over the exec dependencies of the second
 * capture (`scheduleTasks`). An estimate, and no more than that: nothing is restored or stopped by equivalence on the way. Tasks that
 * did not change take no time, and keep the order of those that did.
 *
 * @param workers at least 1
 * @throws {ScheduleError} when tasks of the second capture depend on each other
 */
export function costOf(comparison: Comparison, durations: Durations, workers: number): DiffCost {
  const { changed, added, causes, causesOf, pairing } = comparison;
  const tasks = [...pairing.pairs.values()].flatMap(({ after }) => (after === undefined ? [] : [after]));
  const positions = new Map<Tid, number>(tasks.map(({ tid }, at) => [tid, at]));
  const dependencies = tasks.map(({ execdeps }) => execdeps.flatMap((tid) => positions.get(tid) ?? []));
  const estimate = (executed: readonly CapturedTask[]): WorkEstimate => {
    const seconds = new Float64Array(tasks.length);
    for (const task of executed) seconds[positions.get(task.tid) as number] = durationOf(durations, task)?.seconds ?? 0;
    return scheduleTasks(
      dependencies.map((dependencies, at) => ({ seconds: seconds[at] as number, dependencies })),
      workers,
    );
  };
  const reached: CapturedTask[][] = causes.map(() => []);
  for (const { name, after } of changed) for (const cause of causesOf(name)) reached[cause]?.push(after);
  const changedTasks = changed.map((it) => it.after);
  const addedTasks = added.map((it) => it.task);
  return {
    workers,
    measure: durations.measure,
    names: durations.names,
    changed: estimate(changedTasks),
    added: estimate(addedTasks),
    causes: reached.map(estimate),
    sources: shareOfSources([...changedTasks, ...addedTasks].flatMap((task) => durationOf(durations, task) ?? [])),
  };
}

/** `undefined` for a task that is only stamped. */
function durationOf(durations: Durations, task: CapturedTask): KnownDuration | undefined {
  return task.noexec ? undefined : durations.durationOf(task, "real");
}
