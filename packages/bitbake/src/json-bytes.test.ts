import fc from "fast-check";
import { expect, it } from "vitest";
import { behindText, behindValue } from "./json-bytes.ts";

/** Texts of all lengths with many quotes and backslashes. */
const text = fc
  .array(fc.constantFrom('"', "\\", "a", "\n", "é", "long ".repeat(20)), { maxLength: 80 })
  .map((parts) => parts.join(""));
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

it("a text ends behind its own quote, however many are escaped in it", () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const bytes = new TextEncoder().encode(`${JSON.stringify(one)},${JSON.stringify(other)}`);
      expect(behindText(bytes, 0)).toBe(bytesOf(one).length);
    }),
  );
});

it("a value of any kind ends before what follows it", () => {
  const value = fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text), fc.dictionary(text, fc.array(text)));
  fc.assert(
    fc.property(value, text, (one, other) => {
      const bytes = new TextEncoder().encode(`${JSON.stringify(one)},${JSON.stringify(other)}`);
      expect(behindValue(bytes, 0)).toBe(bytesOf(one).length);
    }),
  );
});
