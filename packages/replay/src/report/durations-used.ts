import {
  type Durations,
  type DurationVariant,
  formatSources,
  type KnownDuration,
  type Measure,
  type SourceShares,
  shareOfSources,
} from "@depid/durations";
import { formatTaskName } from "@depid/hash";
import type { History, Task } from "@depid/task-graph";

/** Where the seconds of a replay come from. */
export interface DurationsUsed {
  /** Files, as they were named. */
  readonly names: readonly string[];
  readonly measure: Measure;
  /** Whether any setscene task was measured: if not, restoring takes an unknown time, and no sum holds it. */
  readonly knowsRestoring: boolean;
  /** How many tasks of the history, by recipe and task, have seconds of which source; noexec tasks take none. */
  readonly shares: Readonly<Record<DurationVariant, SourceShares>>;
}

/** Says where the seconds of a history's tasks come from. */
export function describeDurations(durations: Durations, history: History): DurationsUsed {
  const tasks = new Map<string, Task>();
  for (const { change } of history.steps)
    for (const task of change.upsert) if (!task.noexec) tasks.set(formatTaskName(task), task);
  const share = (of: Iterable<Task>, variant: DurationVariant): SourceShares =>
    shareOfSources([...of].map((task): KnownDuration => durations.durationOf(task, variant)));
  const all = [...tasks.values()];
  return {
    names: durations.names,
    measure: durations.measure,
    knowsRestoring: durations.measured.setscene > 0,
    shares: {
      real: share(all, "real"),
      setscene: share(
        all.filter((task) => task.setscene),
        "setscene",
      ),
    },
  };
}

/** Sentences for people. */
export function durationSentences(used: DurationsUsed | undefined): readonly string[] {
  if (used === undefined) return [NO_DURATIONS];
  const { names, measure, knowsRestoring, shares } = used;
  const what = measure === "cpu" ? "seconds of the processors" : "seconds by the clock";
  return [
    `durations: ${names.join(", ")}, ${what}. Of the history's tasks: ${formatSources(shares.real)} (another variant of the recipe, then another recipe's task of that name, then the median of all stands in).`,
    knowsRestoring
      ? `restoring: of the tasks that can be restored, ${formatSources(shares.setscene)}.`
      : "restoring: unknown, as the durations have no setscene task (do_x_setscene). It is in no sum, and takes no time in the simulated builds.",
  ];
}

const NO_DURATIONS =
  "durations: none given, so tasks are counted and hours are not known; each task of a simulated build takes as long as another. --durations FILE tells how long tasks take, such as buildstats of a build of yours.";
