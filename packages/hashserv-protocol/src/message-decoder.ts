import { ChunkJoiner, isChunkStart } from "./chunks.ts";
import { ProtocolError } from "./errors.ts";
import { parseJson } from "./json.ts";
import { stripEnd } from "./white-space.ts";

/** A message as it arrived. */
export interface Message {
  readonly value: unknown;
  /** Whether it came in chunks: then `null` does not end the connection, and chunks within it are none. */
  readonly chunked: boolean;
}

/** Turns lines into messages, joining those that come in chunks (section 4). */
export class MessageDecoder {
  readonly #max: number | undefined;
  #chunks: ChunkJoiner | undefined;

  /** @param max characters a message in chunks may have; 64 Mi unless told */
  constructor(max?: number) {
    this.#max = max;
  }

  /** Characters of a message that is not complete. */
  get held(): number {
    return this.#chunks?.length ?? 0;
  }

  /**
   * Takes the next line, without its LF.
   *
   * @returns `undefined` while a message in chunks is not complete
   * @throws {ProtocolError} when a message is not JSON
   */
  push(line: string): Message | undefined {
    if (this.#chunks !== undefined) {
      const text = this.#chunks.push(line);
      if (text === undefined) return undefined;
      this.#chunks = undefined;
      return { value: parseMessage(text), chunked: true };
    }
    const value = parseMessage(stripEnd(line));
    if (!isChunkStart(value)) return { value, chunked: false };
    this.#chunks = new ChunkJoiner(this.#max);
    return undefined;
  }
}

/** Reads a whole message. @throws {ProtocolError} when it is not JSON */
export function parseMessage(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new ProtocolError(text === "" ? "expected a message, found an empty line" : "a message is not JSON", {
      cause,
    });
  }
}
