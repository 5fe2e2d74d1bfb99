import { FramingError } from "./errors.ts";
import { formatJson, type Json } from "./json.ts";

/** Messages of fewer characters are one line; longer ones are cut into lines of at most this many (section 4). */
export const MAX_CHUNK = 32767;
/** Characters a message in chunks may have in all. The reference has no limit, and may so be made to run out of memory. */
export const MAX_MESSAGE = 64 * 1024 * 1024;

const ESCAPED_BLANK = "\\u0020";

/** A message as text to be sent on a stream socket: its lines, each with its LF. */
export function formatMessage(value: Json): string {
  return `${formatMessageLines(value).join("\n")}\n`;
}

/** The lines of a message on a stream socket, without their LF: one, or chunks and an empty one. */
export function formatMessageLines(value: Json): readonly string[] {
  const text = formatJson(value);
  return text.length < MAX_CHUNK ? [text] : ['{"chunk-stream": null}', ...splitText(text), ""];
}

/**
 * Cuts JSON text so that no piece ends in a blank: the reference's receiver strips white space from the end of each
 * line. Where there are only blanks, which can be within a string only, one is written as an escape.
 */
export function splitText(text: string, size: number = MAX_CHUNK): readonly string[] {
  const pieces: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const piece = rest.slice(0, size).trimEnd();
    if (piece !== "") {
      pieces.push(piece);
      rest = rest.slice(piece.length);
    } else {
      const blanks = size - ESCAPED_BLANK.length;
      pieces.push(rest.slice(0, blanks) + ESCAPED_BLANK);
      rest = rest.slice(blanks + 1);
    }
  }
  return pieces;
}

/** Whether a value announces a message in chunks. Like the reference, takes arrays and text that contain the word. */
export function isChunkStart(value: unknown): boolean {
  if (typeof value === "string" || Array.isArray(value)) return value.includes("chunk-stream");
  return typeof value === "object" && value !== null && Object.hasOwn(value, "chunk-stream");
}

/**
 * Characters of pieces that are joined to one, so that a message takes what its characters take, however small its pieces are, and
 * no long piece is copied.
 */
const JOINED_TOGETHER = 1 << 14;

/** Gathers the pieces of a message in chunks. */
export class ChunkJoiner {
  readonly #max: number;
  readonly #joined: string[] = [];
  #pieces: string[] = [];
  #length = 0;
  /** Characters of those that are joined. */
  #joinedLength = 0;

  /** @param max characters a message may have */
  constructor(max: number = MAX_MESSAGE) {
    this.#max = max;
  }

  /** Characters gathered so far. */
  get length(): number {
    return this.#length;
  }

  /**
   * Takes the next line, without its LF. Only a CR is stripped, so that blanks of a sender that cuts anywhere are kept.
   *
   * @returns the joined text once the empty line came
   * @throws {FramingError} when the message grows too long
   */
  push(line: string): string | undefined {
    const piece = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (piece === "") return this.#joined.join("") + this.#pieces.join("");
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length - this.#joinedLength >= JOINED_TOGETHER) {
      this.#joined.push(this.#pieces.join(""));
      [this.#pieces, this.#joinedLength] = [[], this.#length];
    }
    if (this.#length > this.#max) throw new FramingError(`a message has more than ${this.#max} characters`);
    return undefined;
  }
}
