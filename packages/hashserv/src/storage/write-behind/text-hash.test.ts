import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHashKey, type HashKey, TextHash } from "./text-hash.ts";

const KEY: HashKey = [1, 2];
const OTHER: HashKey = [3, 4];

function hashOf(text: string, key: HashKey = KEY): string {
  const hash = new TextHash(key);
  hash.read(text);
  return `${hash.first} ${hash.second}`;
}

/** Texts that meet in one of 256 places of a table with this key. */
function meeting(key: HashKey, count: number): readonly string[] {
  const hash = new TextHash(key);
  const found: string[] = [];
  for (let i = 0; found.length < count; i++) {
    hash.read(`text ${i}`);
    if (hash.first % 256 === 0) found.push(`text ${i}`);
  }
  return found;
}

describe("the hash of texts", () => {
  it("is the same for the same text and key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(), fc.nat(), (text, a, b) => {
        expect(hashOf(text, [a, b])).toBe(hashOf(text, [a, b]));
        const hash = new TextHash([a, b]);
        hash.read(`${text}!`);
        hash.read(text);
        expect(`${hash.first} ${hash.second}`).toBe(hashOf(text, [a, b]));
      }),
    );
  });

  it("differs for texts that are nearly the same, whatever their length and characters", () => {
    const texts = ["", "\0", "\0\0", "a", "a\0", "ab", "ba", "abc", "abc\0", "ä", "\ud800", "ab😀"];
    expect(new Set(texts.map((text) => hashOf(text))).size).toBe(texts.length);
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.nat(), fc.nat({ max: 15 }), (text, at, bit) => {
        const index = at % text.length;
        const unit = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit));
        const other = text.slice(0, index) + unit + text.slice(index + 1);
        expect(hashOf(other)).not.toBe(hashOf(text));
      }),
    );
  });

  it("scatters texts that meet in one place under another key", () => {
    const chosen = meeting(KEY, 500);
    const hash = new TextHash(OTHER);
    const places = new Map<number, number>();
    for (const text of chosen) {
      hash.read(text);
      places.set(hash.first % 256, (places.get(hash.first % 256) ?? 0) + 1);
    }
    expect(Math.max(...places.values())).toBeLessThan(15);
  });

  it("has a key of its own in each process, and for each table", () => {
    expect(createHashKey()).not.toEqual(createHashKey());
  });
});
