import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { HistoryError } from "./errors.ts";
import { formatHistory, type History, parseHistory } from "./history.ts";

/**
 * Reads a history file, gzip or plain.
 *
 * @throws {HistoryError} naming the file, and the line and field where it stops making sense
 */
export async function readHistory(file: string): Promise<History> {
  const lines: string[] = [];
  try {
    const gzip = await isGzip(file);
    const bytes = createReadStream(file);
    const input = gzip ? bytes.pipe(createGunzip()) : bytes;
    if (gzip) bytes.on("error", (error) => input.destroy(error));
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) lines.push(line);
  } catch (cause) {
    const line = lines.length === 0 ? 0 : lines.length + 1;
    throw new HistoryError(file, line, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
  return parseHistory(lines, file);
}

/** Writes a history file (gzip when its name ends in ".gz"); the file is there whole or not at all. */
export async function writeHistory(file: string, history: History): Promise<void> {
  const folder = await mkdtemp(join(dirname(file), `.${basename(file)}-`));
  try {
    const draft = join(folder, "draft");
    const lines = Readable.from(withLineEnds(formatHistory(history)));
    if (file.endsWith(".gz")) await pipeline(lines, createGzip({ level: 9 }), createWriteStream(draft));
    else await pipeline(lines, createWriteStream(draft));
    await rename(draft, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function* withLineEnds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

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
  return cause instanceof Error ? cause.message : String(cause);
}
