import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffTexts } from "./text-diff.ts";

const diff = (before: string | undefined, after: string | undefined, limit = 50) => diffTexts(before, after, { limit });

describe("a text diff", () => {
  it("shows lines with three lines around them", () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const changed = lines.toSpliced(10, 1, "line X");
    expect(diff(lines.join("\n"), changed.join("\n")).lines).toEqual([
      "@ line 8",
      " line 7",
      " line 8",
      " line 9",
      "-line 10",
      "+line X",
      " line 11",
      " line 12",
      " line 13",
    ]);
  });

  it("shows short texts whole, and what came or went as such", () => {
    expect(diff("1.0", "1.1").lines).toEqual(["-1.0", "+1.1"]);
    expect(diff(undefined, "a\nb\n").lines).toEqual(["+a", "+b"]);
    expect(diff("a", undefined).lines).toEqual(["-a"]);
  });

  it("shows a long list word by word", () => {
    const words = Array.from({ length: 40 }, (_, i) => `file://${i}.patch`);
    const { lines, isByWord } = diff(words.join(" "), words.toSpliced(20, 1).join("  "));
    expect([isByWord, lines.filter((line) => !line.startsWith(" "))]).toEqual([
      true,
      ["@ line 18", "-file://20.patch"],
    ]);
  });

  it("cuts what is long and says how much", () => {
    const { lines, left } = diff("", Array.from({ length: 30 }, (_, i) => `${i}`).join("\n"), 5);
    expect([lines.length, left]).toEqual([5, 26]);
    expect(diff("a\n", `${"b".repeat(1000)}\n\n`).lines[1]).toMatch(/b… \(\d+ more characters\)$/);
  });

  it("spells out what would do something to a terminal or a reader", () => {
    expect(diff("a", "\x1b[2Ja\x07\u202eb\u200b\r\t\ud800").lines[1]).toBe(
      "+\\x1b[2Ja\\x07\\u202eb\\u200b\\x0d\t\\ud800",
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
        for (const line of diff(a, b).lines) expect(line).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e]/);
      }),
    );
  });

  it("does not take long over texts that have nothing in common", () => {
    const text = (seed: string) => Array.from({ length: 6000 }, (_, i) => `${seed}${i}`).join("\n");
    expect(diff(text("a"), text("b")).left).toBe(11_950);
  });
});
