import { formatSetscene, formatTaskName, splitSetscene } from "@depid/hash";
import { type BuildRecord, RecordDraft } from "./build-record.ts";
import { findRecipeVersion, type TaskStats } from "./buildstats.ts";

/** What a folder of buildstats says of one build. */
export interface BuildStatsFolder {
  /** As the user named what it is in. */
  readonly source: string;
  /** BUILDNAME: the folder's own name. */
  readonly build: string;
  /** Lines of the file `build_stats`. */
  readonly summary: readonly string[];
  /** One per file of a task. */
  readonly tasks: readonly BuildStatsTask[];
}

/** A file of a task. */
export interface BuildStatsTask {
  /** Name of its folder, PF: `PN-[EPOCH_]PV-PR`. */
  readonly folder: string;
  /** Name of the file: the task, with `_setscene` where it was to be restored. */
  readonly task: string;
  /** `undefined` if it never ended. */
  readonly stats: TaskStats | undefined;
}

/**
 * What ran in a build, by its buildstats. A setscene task that fails is not told to buildstats: in a build that came to its end, one that
 * never ended has failed.
 */
export function buildStatsRecord({ source, build, summary, tasks }: BuildStatsFolder): BuildRecord {
  const draft = new RecordDraft();
  const finished = summary.some((line) => line.startsWith("Elapsed time:"));
  let unended = 0;
  for (const { folder, task, stats } of tasks) {
    const { task: name, isSetscene: isRestore } = splitSetscene(task);
    const key = formatTaskName({ pn: findRecipeVersion(folder)?.recipe ?? folder, task: name });
    const failed = stats?.status === "failed" || (stats === undefined && isRestore && finished);
    if (stats === undefined && !failed) unended += 1;
    if (stats !== undefined) draft.seconds.set(isRestore ? formatSetscene(key) : key, stats.seconds);
    if (!isRestore) draft.executed.add(key);
    else if (failed) draft.restoreFailed.add(key);
    else if (stats !== undefined) draft.restored.add(key);
    if (failed && !isRestore) draft.failed.add(key);
  }
  draft.unknown.push(
    "noexec tasks: buildstats has none",
    "configuration of a task: buildstats has names of recipes only; two versions of one recipe, or configurations that share a TMPDIR, are one",
  );
  if (unended > 0) draft.unknown.push(`what became of ${unended} tasks that began and did not end`);
  if (tasks.length === 0) draft.unknown.push("whether this was a build: -S and -n leave a folder without tasks, too");
  return draft.finish({ source, build, kind: "buildstats", naming: "name", finished });
}

/** When a build began, in seconds since 1970, as its file `build_stats` says it. */
export function findBuildStart(summary: readonly string[]): number | undefined {
  const text = summary.map((line) => /^Build Started: *(\d+(?:\.\d+)?)/.exec(line)?.[1]).find((it) => it !== undefined);
  return text === undefined ? undefined : Number(text);
}
