import { describe, expect, it } from "vitest";
import { DigestReader, DigestsReader } from "./digest.ts";

const DIGEST = "0123456789abcdef".repeat(4);

describe("a digest", () => {
  it("is 64 lowercase hex digits, read as their bytes", () => {
    const reader = new DigestReader();
    expect(reader.read(DIGEST)).toBe(true);
    expect(Buffer.from(reader.words.buffer).toString("hex")).toBe(DIGEST);
  });

  it.each([
    ["shorter", DIGEST.slice(1)],
    ["longer", `${DIGEST}0`],
    ["in capitals", DIGEST.toUpperCase()],
    ["not all digits", `${DIGEST.slice(1)}g`],
    ["a character in the middle with the low byte of a digit", `${DIGEST.slice(0, 31)}\u0130${DIGEST.slice(32)}`],
    ["a NUL", `${DIGEST.slice(1)}\0`],
    ["empty", ""],
  ])("is none when it is %s", (_how, text) => {
    expect(new DigestReader().read(text)).toBe(false);
  });

  it("may have any digit at any place, and no other character", () => {
    const reader = new DigestReader();
    for (let at = 0; at < 64; at++) {
      for (let code = 0; code < 300; code++) {
        const character = String.fromCharCode(code);
        const text = DIGEST.slice(0, at) + character + DIGEST.slice(at + 1);
        expect(reader.read(text)).toBe(/[0-9a-f]/.test(character));
      }
    }
  });
});

describe("digests that come together", () => {
  it("are read as each by itself, or not at all", () => {
    const [one, all] = [new DigestReader(), new DigestsReader(3)];
    for (let at = 0; at < 64; at++) {
      for (let code = 0; code < 300; code++) {
        const text = DIGEST.slice(0, at) + String.fromCharCode(code) + DIGEST.slice(at + 1);
        const good = one.read(text);
        expect(all.read([DIGEST, text, DIGEST])).toBe(good);
        if (good) expect(all.words.slice(8, 16)).toEqual(one.words);
      }
    }
    expect(all.read([DIGEST, DIGEST.slice(1), `${DIGEST}0`])).toBe(false);
  });
});
