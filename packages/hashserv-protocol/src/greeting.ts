import { OldProtocolError, ProtocolError } from "./errors.ts";
import { splitWords, strip, stripEnd } from "./white-space.ts";

const PROTOCOL_NAME = "OEHASHEQUIV";

/** The lines a client sends first (section 3). Nothing answers them. */
export const GREETING: readonly string[] = [`${PROTOCOL_NAME} 1.1`, "needs-headers: false", ""];

/** The greeting as text to be sent on a stream socket. */
export function formatGreeting(): string {
  return `${GREETING.join("\n")}\n`;
}

/**
 * Reads a client's lines up to the empty one behind its headers.
 *
 * Versions v with 1.0 < v <= 1.1 are taken, compared part by part: 1.0.1 is, 1.1.0 is not.
 */
export class GreetingDecoder {
  #greeted = false;
  #needsHeaders = false;

  /**
   * Takes the next line, without its LF.
   *
   * @returns the lines to be answered, once the greeting is complete: an empty one if the client wants headers
   * @throws {OldProtocolError} when this is version 1.0
   * @throws {ProtocolError} when this is another protocol or version, or a header is none
   */
  push(line: string): readonly string[] | undefined {
    if (!this.#greeted) {
      checkGreeting(line);
      this.#greeted = true;
      return undefined;
    }
    const text = stripEnd(line);
    if (text === "") return this.#needsHeaders ? [""] : [];
    const colon = text.indexOf(":");
    if (colon < 0) throw new ProtocolError("a header has no colon");
    const name = text.slice(0, colon).toLowerCase();
    if (name === "needs-headers") this.#needsHeaders = strip(text.slice(colon + 1)) === "true";
    return undefined;
  }
}

function checkGreeting(line: string): void {
  const words = splitWords(line);
  const [name, version = ""] = words;
  if (words.length !== 2 || name !== PROTOCOL_NAME) {
    throw new ProtocolError(`expected the greeting "${PROTOCOL_NAME} VERSION"`);
  }
  if (version === "1.0") throw new OldProtocolError();
  const parts = version.split(".");
  const numbers = parts.map(Number);
  const known = parts.every((part) => /^[0-9]+$/.test(part)) && isAfter(numbers, [1, 0]) && !isAfter(numbers, [1, 1]);
  if (!known) throw new ProtocolError(`expected protocol version 1.1, found ${JSON.stringify(version.slice(0, 40))}`);
}

/** Whether a version is greater than another; of two that begin alike the longer one is. */
function isAfter(version: readonly number[], other: readonly number[]): boolean {
  for (const [i, part] of version.entries()) {
    const against = other[i];
    if (against === undefined || part > against) return true;
    if (part < against) return false;
  }
  return false;
}
