/** Bytes of a digest: of all taskhashes and depids that BitBake makes, 64 hex digits. */
export const DIGEST_BYTES = 32;
/** A digest as numbers, in the byte order of the machine: for comparing only. */
export const DIGEST_WORDS = 8;

/** Reads a digest in place of the one read before. */
export class DigestReader {
  readonly #bytes = new Uint8Array(DIGEST_BYTES);
  readonly words = new Uint32Array(this.#bytes.buffer);

  /** @returns whether the text is one; if not, `words` mean nothing */
  read(text: string): boolean {
    if (text.length !== DIGEST_BYTES * 2) return false;
    const bytes = this.#bytes;
    // A bit that only bad digits set is looked at once: this runs for each look-up.
    let bad = 0;
    for (let at = 0; at < DIGEST_BYTES; at++) {
      const one = text.charCodeAt(at * 2);
      const two = text.charCodeAt(at * 2 + 1);
      const high = DIGITS[one & 0xff] as number;
      const low = DIGITS[two & 0xff] as number;
      bad |= high | low | ((one | two) & 0xff00);
      bytes[at] = (high << 4) | low;
    }
    return bad < BAD;
  }
}

const BAD = 0x10;
/** The value of each lowercase hex digit by its character code. */
const DIGITS = new Uint8Array(256).fill(BAD);
for (let value = 0; value < 16; value++) DIGITS[value.toString(16).charCodeAt(0)] = value;
