import { constants, createReadStream, createWriteStream } from "node:fs";
import { access, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { isSystemError, outsideReason } from "@depid/hash";
import { OutputError } from "../errors.ts";
import type { LineErrorClass } from "../read/json-line.ts";

/**
 * Hands over the lines of a file, gzip or plain, without their ends.
 *
 * @throws an error of the class given when the file cannot be read, naming the line it got to; what `take` throws
 */
export async function readLines(file: string, LineError: LineErrorClass, take: (line: string) => void): Promise<void> {
  let count = 0;
  let refused: unknown;
  try {
    const gzip = await isGzip(file);
    const bytes = createReadStream(file);
    const input = gzip ? bytes.pipe(createGunzip()) : bytes;
    if (gzip) bytes.on("error", (error) => input.destroy(error));
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      count += 1;
      try {
        take(line);
      } catch (error) {
        refused = error;
        throw error;
      }
    }
  } catch (cause) {
    if (cause === refused) throw cause;
    throw new LineError(file, count === 0 ? 0 : count + 1, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * Writes a file of lines (gzip when its name ends in ".gz"); the file is there whole or not at all. What is no file, such as
 * `/dev/null` or a pipe with a name, is written to as it stands: a file in its place is not what anybody asked for.
 *
 * @throws {OutputError} when it or its folder cannot be written to
 */
export async function writeLines(file: string, lines: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const { isPlain } = await checkOutput(file);
  if (!isPlain) return writeTo(file, file, lines);
  const folder = await makeDraftFolder(file);
  try {
    const draft = join(folder, "draft");
    await writeTo(draft, file, lines);
    await rename(draft, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Says whether a file could be written, before there is anything to write: what takes minutes does not fail in the end for a folder that is not there.
 *
 * @returns whether it is a plain file, or will be
 * @throws {OutputError} when it is a directory, or its folder is not there or cannot be written to
 */
export async function checkOutput(file: string): Promise<{ readonly isPlain: boolean }> {
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory() === true) throw new OutputError(file, "expected a file, found a directory");
  if (there !== undefined && !there.isFile()) return { isPlain: false };
  try {
    await access(`${dirname(file)}/.`, constants.W_OK);
  } catch (cause) {
    throw outputErrorOf(file, cause);
  }
  return { isPlain: true };
}

/** @param file the name that decides on gzip, and that an error tells */
async function writeTo(path: string, file: string, lines: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const ended = Readable.from(withLineEnds(lines));
  const written = createWriteStream(path);
  let failed: Error | undefined;
  written.once("error", (error) => {
    failed = error;
  });
  try {
    if (file.endsWith(".gz")) await pipeline(ended, createGzip({ level: 9 }), written);
    else await pipeline(ended, written);
  } catch (cause) {
    throw cause === failed && isSystemError(cause) ? new OutputError(file, reasonOfWrite(cause), { cause }) : cause;
  }
}

function reasonOfWrite(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOSPC") return "no space left on the device";
  if (code === "EDQUOT") return "the disk quota is used up";
  if (code === "EFBIG") return "the file would become too big";
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "EROFS") return "the file system is read-only";
  if (code === "ENOTDIR") return "expected a directory on the way, found a file";
  return outsideReason(cause);
}

/** Where a file is written before it gets its name: beside it, so that it only has to be renamed. */
async function makeDraftFolder(file: string): Promise<string> {
  try {
    return await mkdtemp(join(dirname(file), `.${basename(file)}-`));
  } catch (cause) {
    throw outputErrorOf(file, cause);
  }
}

/** What is wrong with the folder of a file that is to be written. */
function outputErrorOf(file: string, cause: unknown): OutputError {
  const { code } = cause as NodeJS.ErrnoException;
  const problem = code === "ENOENT" ? `there is no folder ${dirname(file)}` : reasonOfWrite(cause);
  return new OutputError(file, problem, { cause });
}

async function* withLineEnds(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let held = "";
  for await (const line of lines) {
    held += `${line}\n`;
    if (held.length < PIECE) continue;
    yield held;
    held = "";
  }
  if (held !== "") yield held;
}

/** Many lines at a time: each piece is a trip to the thread that compresses. */
const PIECE = 64 * 1024;

async function isGzip(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { start: 0, end: 1 })) {
    return (chunk as Uint8Array)[0] === 0x1f && (chunk as Uint8Array)[1] === 0x8b;
  }
  return false;
}

function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "expected a file, found a directory";
  if (code === "Z_BUF_ERROR") return "the gzip data end too early (truncated?)";
  if (code === "Z_DATA_ERROR") return "the gzip data are corrupted";
  return outsideReason(cause);
}
