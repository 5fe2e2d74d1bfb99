import { randomInt } from "node:crypto";

/** 64 bits nobody outside knows. */
export type HashKey = readonly [number, number];

export function createHashKey(): HashKey {
  return [randomInt(2 ** 32), randomInt(2 ** 32)];
}

/**
 * HalfSipHash-1-3 of a text's UTF-16 units, with 64 bits of key and of result (one bit of which is always set): made for
 * tables whose keys are chosen by others. Who does not know the key cannot find texts that meet in one place.
 */
export class TextHash {
  readonly #key: HashKey;
  /** The two words of the last text; the second is never 0. */
  first = 0;
  second = 0;

  constructor(key: HashKey) {
    this.#key = key;
  }

  /** Puts the hash of a text in place of the one before. */
  read(text: string): void {
    const [k0, k1] = this.#key;
    let [v0, v1, v2, v3] = [k0, k1 ^ 0xee, 0x6c796765 ^ k0, 0x74656462 ^ k1];
    const { length } = text;
    // Two units a word; the last word has what is left, and the length.
    for (let at = 0; at <= length; at += 2) {
      const last = at + 2 > length;
      const word = last
        ? (length << 16) | (at < length ? text.charCodeAt(at) : 0)
        : text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    v2 ^= 0xee;
    for (let round = 0; round < 6; round++) {
      if (round === 3) {
        this.first = (v1 ^ v3) >>> 0;
        v1 ^= 0xdd;
      }
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    this.second = ((v1 ^ v3) | 1) >>> 0;
  }
}
