import { createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { outsideReason } from "@depid/hash";
import { RecordingError } from "./errors.ts";
import { isOutHashVector } from "./outhash-vector.ts";
import { isScenario } from "./scenario.ts";

/** What a file holds: one of four recordings, or `unreadable`: it begins like JSON and is none. */
export type RecordingKind = "scenario" | "outhash-vector" | "history" | "conversation" | "unreadable";

/**
 * Tells what a file holds by its content, not its name: JSON, or JSON lines, which may be in gzip.
 *
 * @returns undefined when it is no recording
 * @throws {RecordingError} when the file cannot be opened
 */
export async function recognizeFile(path: string): Promise<RecordingKind | undefined> {
  const start = await readStart(path);
  if (start[0] === 0x1f && start[1] === 0x8b) return recognizeGzip(path);
  return /^\s*\{\s*"/.test(start.toString("latin1")) ? recognizeText(await readFile(path, "utf8")) : undefined;
}

/** The same for text that begins like a JSON object. */
export function recognizeText(text: string): RecordingKind | undefined {
  const end = text.indexOf("\n");
  const firstLine = parseJson(end === -1 ? text : text.slice(0, end));
  const lines = recognizeFirstLine(firstLine);
  if (lines !== undefined) return lines;
  const json = parseJson(text);
  if (json === undefined) return firstLine === undefined ? "unreadable" : undefined;
  if (isOutHashVector(json)) return "outhash-vector";
  return isScenario(json) ? "scenario" : undefined;
}

/** What JSON lines that begin with this one are. */
function recognizeFirstLine(json: unknown): RecordingKind | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { format, transcript } = json as { readonly format?: unknown; readonly transcript?: unknown };
  if (typeof format === "string" && format.startsWith("depid-history/")) return "history";
  return transcript === undefined ? undefined : "conversation";
}

async function recognizeGzip(path: string): Promise<RecordingKind | undefined> {
  const file = createReadStream(path);
  const input = file.pipe(createGunzip());
  try {
    for await (const line of createInterface({ input })) return recognizeFirstLine(parseJson(line));
    return undefined;
  } catch {
    return "history"; // only histories come as gzip; reading it will say what is wrong
  } finally {
    file.destroy();
  }
}

/** Up to 64 bytes from the beginning of a file. */
async function readStart(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new RecordingError(path, `cannot be read: ${outsideReason(cause)}`, { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
