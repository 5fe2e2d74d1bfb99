import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { TASK_PREFIX } from "@depid/hash";
import { type DurationRow, findRecipeVersion, parseTaskStats } from "../buildstats.ts";
import { BitbakeFileError } from "../file-error.ts";
import { LeftOut, type RowSource } from "../table.ts";
import { readTextFile, reasonOf } from "./text-lines.ts";
import { below, createPause, walk } from "./walk.ts";

/** Bytes of a JSON file, at most: a build of 10,000 tasks takes some 10 MB. */
const MAX_JSON_BYTES = 256 * 1024 * 1024;
/** Directories and files of a build that are no recipe's. */
const OTHERS = /^(?:reduced_proc_pressure|host_stats_.*)$/;

/**
 * Reads buildstats: BUILDSTATS_BASE with a directory per build, the directory of one build, or a file of JSON.
 *
 * @throws {BitbakeFileError} when reading rows: if it is none of these, naming file, line and field
 */
export function readBuildStats(path: string): RowSource<DurationRow> {
  const leftOut = new LeftOut();
  return {
    header: {
      table: "durations",
      source: path,
      unknown: [
        "what else the machine did: seconds are those of the clock, with whatever tasks ran beside",
        "tasks that were not executed: covered and skipped ones write nothing",
      ],
      assumed: ['a recipe\'s name ends before the last "-" that a digit follows'],
    },
    rows: rowsOf(path, leftOut),
    leftOut,
  };
}

async function* rowsOf(path: string, leftOut: LeftOut): AsyncGenerator<DurationRow> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new BitbakeFileError(path, 0, `cannot be read: ${reasonOf(cause)}`, { cause });
  });
  if (!stats.isDirectory()) {
    const { parseJsonStats } = await import("../read/index.ts");
    yield* parseJsonStats(await readJson(path, stats.size), path, (task) => leftOut.add("never ended", task));
    return;
  }
  const builds = new Set<string>();
  const isBuild = await stat(join(path, "build_stats")).then(
    (it) => it.isFile(),
    () => false,
  );
  const pause = createPause();
  for await (const { folder, files } of walk(path, leftOut)) {
    const [build, recipe, ...more] = isBuild ? [basename(resolve(path)), ...foldersOf(folder)] : foldersOf(folder);
    if (recipe === undefined) {
      if (build !== undefined && files.some(({ name }) => name === "build_stats")) builds.add(build);
      continue;
    }
    if (OTHERS.test(recipe)) continue;
    const parts = findRecipeVersion(recipe);
    for (const { name: task } of files) {
      const file = below(folder, task);
      if (parts === undefined || more.length > 0 || !task.startsWith(TASK_PREFIX))
        leftOut.add("not the file of a task", file);
      else {
        const times = parseTaskStats(await readTextFile(join(path, file)), join(path, file));
        if (times === undefined) leftOut.add("never ended", file);
        else yield { build: build ?? "", ...parts, task, ...times };
      }
      await pause();
    }
  }
  if (builds.size === 0) throw new BitbakeFileError(path, 0, "expected buildstats, found no file build_stats");
}

function foldersOf(folder: string): readonly string[] {
  return folder === "" ? [] : folder.split("/");
}

async function readJson(file: string, size: number): Promise<string> {
  if (size > MAX_JSON_BYTES)
    throw new BitbakeFileError(file, 0, `${size} bytes: expected at most ${MAX_JSON_BYTES} of JSON`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const reason = code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "expected UTF-8 text" : reasonOf(cause);
    throw new BitbakeFileError(file, 0, `cannot be read: ${reason}`, { cause });
  }
}
