import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  byCodePoint,
  depIdOf,
  formatTid,
  InvalidHashError,
  InvalidTidError,
  isDepId,
  parseDepId,
  parseOutHash,
  parseTaskHash,
  parseTid,
  sha256Hex,
  splitTid,
} from "./index.ts";
import { sha256Hex as sha256HexBrowser } from "./sha256-browser.ts";

const A = "a".repeat(64);

describe("hashes", () => {
  it.each([
    ["upper case", "A".repeat(64)],
    ["too short", "a".repeat(63)],
    ["a newline behind", `${A}\n`],
    ["a number", 5],
  ])("a depid with %s is refused, and the error names the field", (_what, text) => {
    expect(isDepId(text)).toBe(false);
    expect(() => parseDepId(text)).toThrow(InvalidHashError);
    expect(() => parseDepId(text)).toThrow(/^depid: expected 64 lowercase hexadecimal digits/);
  });
  it("a task nobody has reported has its taskhash as depid", () => {
    expect(depIdOf(parseTaskHash(A))).toBe(A);
  });
  it("an outhash may be a SHA-1 digest, as in the RFC of 2018", () => {
    expect(parseOutHash("b".repeat(40))).toBe("b".repeat(40));
    expect(() => parseOutHash("b".repeat(41))).toThrow(/^outhash/);
  });
});

describe("sha256Hex", () => {
  it("gives the same digest of the same text on Node and in a browser", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const expected = createHash("sha256").update(text, "utf8").digest("hex");
        return sha256Hex(text) === expected && sha256HexBrowser(text) === expected;
      }),
    );
  });
});

describe("byCodePoint", () => {
  it("puts U+FF5E before U+1F600, as Python does and Array#sort does not", () => {
    expect(["\u{1F600}", "\uFF5E"].sort(byCodePoint)).toEqual(["\uFF5E", "\u{1F600}"]);
    expect(["\u{1F600}", "\uFF5E"].sort()).toEqual(["\u{1F600}", "\uFF5E"]);
  });
  it("orders as comparing the code points one by one does", () => {
    const points = (s: string) => Array.from(s, (c) => c.codePointAt(0) ?? 0);
    const byPoints = (a: string, b: string) => {
      const [x, y] = [points(a), points(b)];
      for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0);
      return x.length - y.length;
    };
    const text = fc.string({ unit: "binary" });
    fc.assert(fc.property(text, text, (a, b) => Math.sign(byCodePoint(a, b)) === Math.sign(byPoints(a, b))));
  });
});

describe("tid", () => {
  it.each([
    ["meta/a/a_1.0.bb:do_compile", { config: "", recipeFile: "meta/a/a_1.0.bb", task: "do_compile" }],
    ["virtual:native:a.bb:do_fetch", { config: "", recipeFile: "virtual:native:a.bb", task: "do_fetch" }],
    ["mc:arm:virtual:native:/l/a.bb:do_x", { config: "arm", recipeFile: "virtual:native:/l/a.bb", task: "do_x" }],
  ])("%s has three parts", (text, parts) => {
    const tid = parseTid(text);
    expect(splitTid(tid)).toEqual(parts);
    expect(formatTid(parts)).toBe(tid);
  });
  it.each([["do_compile"], [""], ["a.bb:"], ["a:do/x"], [null]])("%j is refused", (text) => {
    expect(() => parseTid(text)).toThrow(InvalidTidError);
  });
});
