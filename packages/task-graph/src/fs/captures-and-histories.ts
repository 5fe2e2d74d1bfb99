import { type Capture, formatCapture } from "../capture.ts";
import { CaptureError, HistoryError } from "../errors.ts";
import { formatHistory, type History } from "../history.ts";
import type { HistoryStates } from "../history-state.ts";
import { readLines, writeLines } from "./line-files.ts";

/**
 * Reads a history file, gzip or plain.
 *
 * @throws {HistoryError} naming the file, and the line and field where it stops making sense
 */
export async function readHistory(file: string): Promise<History> {
  const { HistoryReader } = await import("../read/index.ts"); // with it comes zod: only who reads such a file waits for it
  const reader = new HistoryReader(file);
  for await (const line of readLines(file, HistoryError)) reader.push(line);
  return reader.end();
}

/**
 * Reads the states of a history file, gzip or plain, at some of its steps. The file is read as far as the last of them; of rows that none of these
 * states has, no more is looked at than whose they are.
 *
 * @param wanted numbers of steps, or the first 7 digits or more of their commits' ids
 * @throws {HistoryError} naming the file, and the line and field where it stops making sense
 */
export async function readStates(file: string, wanted: readonly string[]): Promise<HistoryStates> {
  const { StateReader } = await import("../read/index.ts");
  const reader = new StateReader(file, wanted);
  for await (const line of readLines(file, HistoryError)) {
    reader.push(line);
    if (reader.isDone) break;
  }
  return reader.end();
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
  for await (const line of readLines(file, CaptureError)) reader.push(line);
  return reader.end();
}

/** Writes a capture file (gzip when its name ends in ".gz"); the file is there whole or not at all. */
export async function writeCapture(file: string, capture: Capture): Promise<void> {
  await writeLines(file, formatCapture(capture));
}
