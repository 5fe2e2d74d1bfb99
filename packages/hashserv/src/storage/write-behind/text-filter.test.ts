import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextFilter } from "./text-filter.ts";

describe("a filter of texts", () => {
  it("never says of a text that was added that it was not", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
        const filter = new TextFilter();
        for (const text of texts) filter.add(text);
        expect(texts.filter((text) => !filter.mayHave(text))).toEqual([]);
        expect(filter.size).toBe(new Set(texts).size);
      }),
    );
  });

  it("says of nearly all others that they were not, however many there are", () => {
    const filter = new TextFilter();
    const texts = (name: string) =>
      Array.from({ length: 50_000 }, (_, i) => `${name} ${i.toString(16).padStart(8, "0")}`);
    for (const text of texts("a")) filter.add(text);
    expect(texts("a").every((text) => filter.mayHave(text))).toBe(true);
    expect(texts("b").filter((text) => filter.mayHave(text))).toEqual([]);
  });
});
