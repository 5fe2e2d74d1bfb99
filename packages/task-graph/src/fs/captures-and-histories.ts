import { type Capture, formatCapture } from "../capture.ts";
import { CaptureError, HistoryError } from "../errors.ts";
import { formatHistory, type History } from "../history.ts";
import { readLines, writeLines } from "./line-files.ts";

/**
 * Reads a history file, gzip or plain.
 *
 * @throws {HistoryError} naming the file, and the line and field where it stops making sense
 */
export async function readHistory(file: string): Promise<History> {
  const { parseHistory } = await import("../read/index.ts"); // with it comes zod: only who reads such a file waits for it
  const lines: string[] = [];
  await readLines(file, HistoryError, (line) => lines.push(line));
  return parseHistory(lines, file);
}

/** Writes a history file (gzip when its name ends in ".gz"); the file is there whole or not at all. */
export async function writeHistory(file: string, history: History): Promise<void> {
  await writeLines(file, formatHistory(history));
}

/**
 * Reads a capture file, gzip or plain.
 *
 * @throws {CaptureError} naming the file, and the line and field where it stops making sense
 */
export async function readCapture(file: string): Promise<Capture> {
  const { CaptureReader } = await import("../read/index.ts");
  const reader = new CaptureReader(file);
  await readLines(file, CaptureError, (line) => reader.push(line));
  return reader.end();
}

/** Writes a capture file (gzip when its name ends in ".gz"); the file is there whole or not at all. */
export async function writeCapture(file: string, capture: Capture): Promise<void> {
  await writeLines(file, formatCapture(capture));
}
