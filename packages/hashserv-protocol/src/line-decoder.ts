import { FramingError } from "./errors.ts";

/** Bytes a line may have before its LF (section 4). */
export const MAX_LINE_BYTES = 65536;
const LF = 0x0a;

/**
 * Turns bytes, in pieces of any size, into lines of text. A line that is too long or not UTF-8 is a fault: the lines
 * before it are given, none after it.
 */
export class LineDecoder {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #maxBytes: number;
  /** The bytes of the line under way. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #fault: FramingError | undefined;

  constructor(maxBytes: number = MAX_LINE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Why no more lines can come; `undefined` as long as all is well. */
  get fault(): FramingError | undefined {
    return this.#fault;
  }

  /** Bytes of the line under way. */
  get held(): number {
    return this.#heldBytes;
  }

  /** The lines these bytes complete, in order, without their LF. The bytes may be reused by the caller afterwards. */
  push(bytes: Uint8Array): string[] {
    if (this.#fault !== undefined) return [];
    const end = bytes.lastIndexOf(LF);
    if (end < 0) {
      this.#hold(bytes);
      return [];
    }
    const lines = this.#decode(this.#release(bytes.subarray(0, end)));
    if (end + 1 < bytes.length) this.#hold(bytes.subarray(end + 1));
    return lines;
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#fault !== undefined) return;
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > this.#maxBytes) this.#fault = this.#tooLong();
    else this.#held.push(bytes.slice());
  }

  #release(bytes: Uint8Array): Uint8Array {
    if (this.#heldBytes === 0) return bytes;
    const joined = new Uint8Array(this.#heldBytes + bytes.length);
    let at = 0;
    for (const part of [...this.#held, bytes]) {
      joined.set(part, at);
      at += part.length;
    }
    this.#held = [];
    this.#heldBytes = 0;
    return joined;
  }

  /** All lines in one go where possible, as that is many times faster. A UTF-16 unit is at most three bytes. */
  #decode(block: Uint8Array): string[] {
    try {
      const lines = this.#decoder.decode(block).split("\n");
      if (block.length <= this.#maxBytes || lines.every((line) => line.length * 3 <= this.#maxBytes)) return lines;
    } catch {
      // One of the lines is not UTF-8; the ones before it count.
    }
    return this.#decodeSingly(block);
  }

  #decodeSingly(block: Uint8Array): string[] {
    const lines: string[] = [];
    for (let start = 0; start <= block.length; ) {
      const found = block.indexOf(LF, start);
      const end = found < 0 ? block.length : found;
      if (end - start > this.#maxBytes) {
        this.#fault = this.#tooLong();
        return lines;
      }
      try {
        lines.push(this.#decoder.decode(block.subarray(start, end)));
      } catch (cause) {
        this.#fault = new FramingError("a line is not UTF-8", { cause });
        return lines;
      }
      start = end + 1;
    }
    return lines;
  }

  #tooLong(): FramingError {
    return new FramingError(`a line has more than ${this.#maxBytes} bytes`);
  }
}
