import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMessage, MAX_CHUNK, splitText } from "./chunks.ts";
import { ProtocolError } from "./errors.ts";
import { formatJson, type Json, parseJson } from "./json.ts";
import { type Message, MessageDecoder } from "./message-decoder.ts";

function decode(text: string): readonly Message[] {
  const decoder = new MessageDecoder();
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line) => decoder.push(line)).filter((message) => message !== undefined);
}

describe("formatJson", () => {
  it.each([
    [{ taskhash: "t", all: true, deep: [1, null, {}] }, '{"taskhash": "t", "all": true, "deep": [1, null, {}]}'],
    ["é中😀\u007f\u2028", '"\\u00e9\\u4e2d\\ud83d\\ude00\\u007f\\u2028"'],
    ['a"\\\n\0', '"a\\"\\\\\\n\\u0000"'],
    [[], "[]"],
  ])("writes %j as the reference does", (value, text) => {
    expect(formatJson(value)).toBe(text);
  });

  it("writes ASCII only, which reads as the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const text = formatJson(value as Json);
        expect(text).toMatch(/^[ -~]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("parseJson", () => {
  it("knows Python's words for numbers, outside strings", () => {
    expect(parseJson('{"NaN": [NaN, -Infinity, "Infinity \\" NaN"]}')).toEqual({
      NaN: [Infinity, Infinity, 'Infinity " NaN'],
    });
  });
  it.each([["1NaN"], ["NaNNaN"], ["nan"], ["\ufeff1"], ["'x'"], ['"\0"'], [""]])("does not take %j", (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

describe("messages", () => {
  it("of fewer than 32767 characters are one line, others are cut", () => {
    const texts = [32766, 32767].map((length) => formatMessage("x".repeat(length - 2)));
    expect(texts.map((text) => text.split("\n").length - 1)).toEqual([1, 3]);
    expect(texts[1]?.startsWith('{"chunk-stream": null}\n')).toBe(true);
  });

  it("survive a receiver that strips white space from each line, and one that does not", () => {
    const blanks = fc.integer({ min: 0, max: 3 * MAX_CHUNK }).map((count) => " ".repeat(count));
    const part = fc.oneof(fc.string({ unit: "grapheme" }), blanks, fc.constant("ä".repeat(9000)));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.boolean(), (value, strip) => {
        const lines = formatMessage(value).split("\n");
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(MAX_CHUNK);
        const received = strip ? lines.map((line) => line.trimEnd()) : lines;
        expect(decode(received.join("\n")).map((message) => message.value)).toEqual([value]);
      }),
      { numRuns: 50 },
    );
  });

  it("are cut so that no piece ends in a blank, wherever the cut would fall", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a ]{1,60}$/), fc.integer({ min: 7, max: 12 }), (text, size) => {
        const pieces = splitText(JSON.stringify(text), size);
        for (const piece of pieces) expect(piece).toMatch(/^.{0,11}[^ ]$/);
        expect(JSON.parse(pieces.join(""))).toBe(text);
      }),
    );
  });

  it("that are not complete say how much they hold; however small their pieces are, all of it is kept in order", () => {
    const decoder = new MessageDecoder();
    decoder.push('{"chunk-stream": null}');
    const text = JSON.stringify("0123456789".repeat(500));
    for (const [i, character] of [...text].entries()) {
      expect(decoder.held).toBe(i);
      expect(decoder.push(character)).toBeUndefined();
    }
    expect(decoder.push("")).toEqual({ value: JSON.parse(text), chunked: true });
    expect(decoder.held).toBe(0);
  });

  it("keep the blanks a sender has left at the end of a piece", () => {
    const [message] = decode('{"chunk-stream": null}\n{"get": "a   \r\n   b"}\n\n');
    expect(message).toEqual({ value: { get: "a      b" }, chunked: true });
  });

  it("in chunks are announced by whatever contains the word, as in the reference", () => {
    for (const start of ['["chunk-stream"]', '"a chunk-stream"', '{"chunk-stream": 5, "ping": 1}']) {
      expect(decode(`${start}\n1\n2\n\n`)).toEqual([{ value: 12, chunked: true }]);
    }
  });

  it.each([["nope\n"], ["\n"], ["  \n"], ['{"chunk-stream": null}\n\n'], ['{"chunk-stream": null}\n{\n\n']])(
    "that are not JSON are a protocol error: %j",
    (text) => {
      expect(() => decode(text)).toThrow(ProtocolError);
    },
  );
});
