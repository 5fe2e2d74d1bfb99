import { InvalidRequestError } from "./errors.ts";
import type { EquivalenceKey } from "./rows.ts";
import { isWord, splitWords } from "./white-space.ts";

/** The line that leaves a stream, and its answer (section 8). */
export const STREAM_END = "END";
export const STREAM_ENDED = "ok";

/** Whether a line, its trailing white space stripped, leaves the stream. */
export function isStreamEnd(line: string): boolean {
  return line === STREAM_END || line === "";
}

/** A query as clients send it. Looking for any other white space would take twice as long. */
const PLAIN = /^[!-~]+ [!-~]+$/;

/** Reads a line of get-stream. @throws {InvalidRequestError} unless it has exactly two words */
export function parseStreamQuery(line: string): EquivalenceKey {
  if (PLAIN.test(line)) {
    const blank = line.indexOf(" ");
    return { method: line.slice(0, blank), taskhash: line.slice(blank + 1) };
  }
  const [method, taskhash, more] = splitWords(line);
  if (method === undefined || taskhash === undefined || more !== undefined) {
    throw new InvalidRequestError("get-stream: expected a line of two words, METHOD TASKHASH");
  }
  return { method, taskhash };
}

/** A line of get-stream, without its LF. @throws {InvalidRequestError} when a part is empty or has white space */
export function formatStreamQuery({ method, taskhash }: EquivalenceKey): string {
  if (!isWord(method) || !isWord(taskhash)) {
    throw new InvalidRequestError(
      `get-stream: method and taskhash must be words, found ${JSON.stringify([method, taskhash])}`,
    );
  }
  return `${method} ${taskhash}`;
}
