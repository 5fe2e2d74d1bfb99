import { readFile, stat } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { type DurationRow, TABLE_FORMAT } from "@depid/bitbake";
import { readBuildStats, reasonOf } from "@depid/bitbake/fs";
import {
  createDurations,
  type DurationRecord,
  type Durations,
  DurationsError,
  type Measure,
  parseDurationCsv,
} from "@depid/durations";

/** Bytes of a file unpacked, at most: a build of 10,000 tasks takes some 10 MB of JSON. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads how long tasks take, of any number of builds together. Each spec is a path, or several with commas between: a folder of buildstats (of one
 * build or of all), their JSON, a table of `depid import buildstats`, a CSV, or a list of runs; files plain or gzip. Runs that failed do not count.
 *
 * @throws {DurationsError} or a BitbakeFileError: file, line or field, and what was expected; also when there is no run that ended well, or none with
 *   the figure that is asked for
 */
export async function loadDurations(specs: readonly string[], measure: Measure): Promise<Durations> {
  const names = specs.flatMap((spec) => spec.split(","));
  const records: DurationRecord[] = [];
  for (const name of names) {
    const found = await readRecords(name);
    if (found.length === 0) throw new DurationsError(name, 0, "expected durations, found no task that ended well");
    if (!found.some((it) => it[measure] !== undefined))
      throw new DurationsError(name, 0, "expected CPU seconds (--duration-measure cpu), found none");
    records.push(...found);
  }
  return createDurations(records, { measure, names });
}

async function readRecords(path: string): Promise<DurationRecord[]> {
  if (path === "") throw new DurationsError("--durations", 0, "expected a file or folder, found nothing");
  const isFolder = await stat(path).then(
    (it) => it.isDirectory(),
    () => false,
  );
  if (isFolder) {
    const rows: DurationRow[] = [];
    for await (const row of readBuildStats(path).rows) rows.push(row);
    return recordsOf(path, rows);
  }
  const text = await readText(path);
  const start = text.trimStart();
  if (!start.startsWith("{") && !start.startsWith("[")) return parseDurationCsv(linesOf(text), path);
  const { parseDurationTable, parseJsonStats } = await import("@depid/bitbake/read");
  if (start.startsWith("{") && start.slice(0, start.indexOf("\n")).includes(`"${TABLE_FORMAT}"`))
    return recordsOf(path, parseDurationTable(linesOf(text), path).rows);
  const { isDurationRuns, parseDurationRuns } = await import("@depid/durations/read");
  const data = parseJson(text, path);
  if (isDurationRuns(data)) return parseDurationRuns(data, path);
  return recordsOf(path, [...parseJsonStats(text, path, () => {})]);
}

function recordsOf(path: string, rows: readonly DurationRow[]): DurationRecord[] {
  return rows
    .filter((row) => row.status !== "failed")
    .map(({ build, recipe, task, seconds, cpu }) => ({
      recipe,
      task,
      elapsed: seconds,
      ...(cpu === null ? {} : { cpu }),
      build: `${path} ${build}`,
    }));
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DurationsError(path, 0, `expected JSON: ${(cause as Error).message}`, { cause });
  }
}

/** Without the empty one behind the last line end. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return new TextDecoder("utf-8", { fatal: true }).decode(
      isGzip ? gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes,
    );
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const isOther = code === "ERR_ENCODING_INVALID_ENCODED_DATA";
    throw new DurationsError(path, 0, isOther ? "expected UTF-8 text" : `cannot be read: ${reasonOf(cause)}`, {
      cause,
    });
  }
}
