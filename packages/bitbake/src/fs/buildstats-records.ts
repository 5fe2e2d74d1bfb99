import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { byCodePoint, TASK_PREFIX } from "@depid/hash";
import type { BuildRecord } from "../build-record.ts";
import { parseTaskStats } from "../buildstats.ts";
import { type BuildStatsTask, buildStatsRecord, findBuildStart } from "../buildstats-record.ts";
import { BitbakeFileError } from "../file-error.ts";
import { LeftOut } from "../table.ts";
import { readTextFile, reasonOf } from "./text-lines.ts";
import { createPause, walk } from "./walk.ts";

/** What lies in the folder of each build, with when the build began and how long it took. */
const SUMMARY = "build_stats";

/**
 * Reads what ran in builds from their buildstats: the folder of one build, or BUILDSTATS_BASE with one for each.
 *
 * @returns a record per build, by when they began
 * @throws {BitbakeFileError} naming the file that makes no sense, or the folder that holds no buildstats
 */
export async function readBuildStatsRecords(path: string): Promise<readonly BuildRecord[]> {
  const names = await namesIn(path);
  if (names.includes(SUMMARY)) return [(await readBuild(path, path)).record];
  const builds: Awaited<ReturnType<typeof readBuild>>[] = [];
  for (const name of names) {
    const folder = join(path, name);
    if ((await namesIn(folder).catch(() => [] as readonly string[])).includes(SUMMARY))
      builds.push(await readBuild(folder, path));
  }
  if (builds.length === 0)
    throw new BitbakeFileError(
      path,
      0,
      `expected buildstats (tmp/buildstats, or the folder of a build in it), found no file ${SUMMARY}`,
    );
  return builds
    .sort((a, b) => a.start - b.start || byCodePoint(a.record.build, b.record.build))
    .map(({ record }) => record);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort(byCodePoint);
  } catch (cause) {
    throw new BitbakeFileError(folder, 0, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

async function readBuild(
  folder: string,
  source: string,
): Promise<{ readonly record: BuildRecord; readonly start: number }> {
  const tasks: BuildStatsTask[] = [];
  const pause = createPause();
  for await (const { folder: recipe, files } of walk(folder, new LeftOut())) {
    if (recipe === "" || recipe.includes("/")) continue;
    for (const { name } of files) {
      if (!name.startsWith(TASK_PREFIX)) continue;
      const file = join(folder, recipe, name);
      tasks.push({ folder: recipe, task: name, stats: parseTaskStats(await readTextFile(file), file) });
      await pause();
    }
  }
  const summary = await readTextFile(join(folder, SUMMARY));
  const build = basename(resolve(folder));
  // Where no file says when a build began, names decide, which are times.
  return { record: buildStatsRecord({ source, build, summary, tasks }), start: findBuildStart(summary) ?? 0 };
}
