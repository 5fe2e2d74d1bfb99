import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineDecoder } from "./line-decoder.ts";

/** What a decoder makes of bytes that arrive in pieces of `size`. */
function decodeInPieces(bytes: Uint8Array, size: number, maxBytes?: number) {
  const decoder = new LineDecoder(maxBytes);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += size) lines.push(...decoder.push(bytes.subarray(at, at + size)));
  return { lines, fault: decoder.fault?.message };
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const TOO_LONG = "a line has more than 8 bytes";
const NOT_UTF8 = "a line is not UTF-8";

describe.each([
  { name: "an empty line is a line", input: utf8("needs: true\n\n"), lines: ["needs: true", ""], maxBytes: 65536 },
  { name: "text outside ASCII is read", input: utf8("PN=libäé😀\n"), lines: ["PN=libäé😀"], maxBytes: 65536 },
  { name: "a tail without LF is held back", input: utf8("a\nb"), lines: ["a"] },
  { name: "CR, blanks and a byte order mark are left alone", input: utf8("\ufeffa \r\n"), lines: ["\ufeffa \r"] },
  { name: "a line may have as many bytes as allowed", input: utf8("12345678\nää😀\n"), lines: ["12345678", "ää😀"] },
  { name: "a line of a byte more is a fault", input: utf8("a\n123456789\nb\n"), lines: ["a"], fault: TOO_LONG },
  { name: "bytes count, not characters", input: utf8("ok\nää😀1\nb\n"), lines: ["ok"], fault: TOO_LONG },
  { name: "a line that does not end is a fault", input: utf8("a\n123456789"), lines: ["a"], fault: TOO_LONG },
  {
    name: "bytes that are not UTF-8 are a fault",
    input: Uint8Array.of(97, 10, 0xff, 10, 98, 10),
    lines: ["a"],
    fault: NOT_UTF8,
  },
  {
    name: "half a character at the end of a line is a fault",
    input: Uint8Array.of(97, 10, 0xc3, 10),
    lines: ["a"],
    fault: NOT_UTF8,
  },
])("$name", ({ input, lines, fault, maxBytes = 8 }) => {
  it.each([
    ["whole", 1024],
    ["byte by byte", 1],
    ["in threes", 3],
  ] as const)("arriving %s", (_how, size) => {
    expect(decodeInPieces(input, size, maxBytes)).toEqual({ lines, fault });
  });
});

describe("LineDecoder", () => {
  it("gives the same lines wherever the bytes are split", () => {
    const text = fc
      .array(fc.string({ unit: "grapheme", maxLength: 6 }), { maxLength: 20 })
      .map((parts) => parts.join("\n"));
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(text, cuts, (input, sizes) => {
        const bytes = utf8(input);
        const decoder = new LineDecoder();
        const lines: string[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          // The buffer is reused, as a socket's may be.
          const piece = bytes.slice(at, at + size);
          lines.push(...decoder.push(piece));
          piece.fill(0);
          at += size;
        }
        expect(lines).toEqual(input.split("\n").slice(0, -1));
      }),
    );
  });

  it("has a limit of 65536 bytes", () => {
    expect(decodeInPieces(utf8(`${"x".repeat(65536)}\n`), 1 << 20).lines).toHaveLength(1);
    expect(decodeInPieces(utf8(`${"x".repeat(65537)}\n`), 1 << 20).fault).toBe("a line has more than 65536 bytes");
  });

  it("gives no more lines after a fault", () => {
    const decoder = new LineDecoder(8);
    decoder.push(utf8("123456789"));
    expect(decoder.push(utf8("\na\n"))).toEqual([]);
  });
});
