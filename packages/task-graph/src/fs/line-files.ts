import { constants, createReadStream, createWriteStream, type ReadStream } from "node:fs";
import { access, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { isSystemError, outsideReason } from "@depid/hash";
import { OutputError } from "../errors.ts";
import type { LineErrorClass } from "../read/json-line.ts";

/**
 * The lines of a file, gzip or plain, without their ends (LF, or CR and LF). Who takes no more of them leaves the rest of the file unread.
 *
 * @throws an error of the class given when the file cannot be read, naming the line it got to
 */
export async function* readLines(file: string, LineError: LineErrorClass): AsyncGenerator<string> {
  let count = 0;
  let bytes: ReadStream | undefined;
  try {
    const gzip = await isGzip(file);
    bytes = createReadStream(file, { highWaterMark: PIECE });
    const input = gzip ? unpack(bytes) : bytes;
    for await (const line of splitLines(input)) {
      count += 1;
      yield line;
    }
  } catch (cause) {
    throw new LineError(file, count === 0 ? 0 : count + 1, `cannot be read: ${reasonOf(cause)}`, { cause });
  } finally {
    bytes?.destroy();
  }
}

function unpack(bytes: ReadStream): AsyncIterable<Buffer> {
  const input = bytes.pipe(createGunzip({ chunkSize: PIECE }));
  bytes.on("error", (error) => input.destroy(error));
  return input;
}

const LF = 0x0a;
const CR = 0x0d;

/** Cut as bytes: a character between two pieces is whole when its line is. */
async function* splitLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let held: Buffer[] = [];
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf(LF); end >= 0; end = piece.indexOf(LF, from)) {
      held.push(piece.subarray(from, end));
      yield textOf(held);
      held = [];
      from = end + 1;
    }
    if (from < piece.length) held.push(piece.subarray(from));
  }
  if (held.length > 0) yield textOf(held);
}

function textOf(pieces: readonly Buffer[]): string {
  const [first, ...rest] = pieces;
  const line = first !== undefined && rest.length === 0 ? first : Buffer.concat(pieces);
  return line.toString("utf8", 0, line.at(-1) === CR ? line.length - 1 : line.length);
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

/** Bytes, or characters, of many lines at a time: each piece is a trip to another thread. */
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
