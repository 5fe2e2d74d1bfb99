import fc from "fast-check";
import { expect, it } from "vitest";
import { encodeLines } from "./encode-lines.ts";

it("gives the bytes of lines joined by LF, whatever they hold", () => {
  const line = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), fc.constant("x".repeat(5_000)));
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const expected = Buffer.from(lines.map((one) => `${one}\n`).join(""));
      expect(encodeLines(lines).equals(expected)).toBe(true);
    }),
  );
});
