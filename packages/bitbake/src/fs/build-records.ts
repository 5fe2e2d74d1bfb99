import { readFile, stat } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { BUILD_LOG_FORMAT } from "../build-log-format.ts";
import type { BuildRecord } from "../build-record.ts";
import { ConsoleRecordReader } from "../console-record.ts";
import { BuildInputError } from "../errors.ts";
import { EventLogReader, isEventLogLine } from "../event-log.ts";
import { BitbakeFileError } from "../file-error.ts";
import { readBuildStatsRecords } from "./buildstats-records.ts";
import { readTextLines, reasonOf } from "./text-lines.ts";

/** Bytes of lists of tids, at most. */
const MAX_SETS_BYTES = 64 * 1024 * 1024;

/**
 * Reads what one or more builds ran, from whatever tells of it, in the order in which they were built:
 *
 * - buildstats: BUILDSTATS_BASE (`tmp/buildstats`), or the folder of one build in it;
 * - BitBake's event log;
 * - meta-depid's build log (`depid-build/1`);
 * - a console log that was not written for a terminal, or BB_CONSOLELOG;
 * - a JSON object with lists of tids, `executed` and `restored`.
 *
 * Files may be gzip. One file may hold several builds.
 *
 * @throws {BuildInputError} when the path is none of these
 * @throws {BitbakeFileError} naming file, line and field
 */
export async function loadBuildRecords(path: string): Promise<readonly BuildRecord[]> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new BuildInputError(path, `cannot be read: ${reasonOf(cause)}`, { cause });
  });
  if (status.isDirectory()) return readBuildStatsRecords(path);
  const first = await findFirstLine(path);
  if (first === undefined) throw new BuildInputError(path, `the file is empty: expected ${EXPECTED}`);
  if (isEventLogLine(first)) return readWith(new EventLogReader(path), path, "replaced");
  if (/^\{\s*"format"\s*:/.test(first)) {
    if (first.includes(`"${BUILD_LOG_FORMAT}"`)) {
      const { BuildLogReader } = await import("../read/index.ts");
      return readWith(new BuildLogReader(path), path, "refused");
    }
    throw new BuildInputError(path, `expected ${EXPECTED}, found another format: ${first.slice(0, 60)}`);
  }
  if (/^[{[]/.test(first)) {
    const { parseRecordSets } = await import("../read/index.ts");
    return [parseRecordSets(await readJson(path), path)];
  }
  return readWith(new ConsoleRecordReader(path), path, "replaced");
}

const EXPECTED = `buildstats, a console log, BitBake's event log, a build log (${BUILD_LOG_FORMAT}) or lists of tids`;

async function readWith(
  reader: { push(line: string): void; end(): readonly BuildRecord[] },
  path: string,
  otherBytes: "refused" | "replaced",
): Promise<readonly BuildRecord[]> {
  await readTextLines(path, (line) => reader.push(line), { otherBytes, longLines: "cut" });
  return reader.end();
}

class Enough extends Error {}

/** The first line that is not blank, without blanks before it. */
async function findFirstLine(path: string): Promise<string | undefined> {
  let first: string | undefined;
  try {
    await readTextLines(
      path,
      (line) => {
        if (line.trim() === "") return;
        first = line.trimStart();
        throw new Enough();
      },
      { otherBytes: "replaced", longLines: "cut" },
    );
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return first;
}

async function readJson(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isGzip ? gunzipSync(bytes, { maxOutputLength: MAX_SETS_BYTES }) : bytes).toString("utf8");
  } catch (cause) {
    throw new BitbakeFileError(path, 0, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
