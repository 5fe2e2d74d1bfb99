import { describe, expect, it } from "vitest";
import { ProtocolError } from "./errors.ts";
import { LINE_FRAMING, WEBSOCKET_FRAMING } from "./framing.ts";

const LONG = "x".repeat(40_000);

describe("a message on a stream socket", () => {
  it("is cut when it is long, and joined again", () => {
    const lines = LINE_FRAMING.formatMessage({ get: LONG });
    expect(lines).toHaveLength(4);
    const decoder = LINE_FRAMING.createDecoder();
    expect(lines.map((line) => decoder.push(line)).at(-1)).toEqual({ value: { get: LONG }, chunked: true });
  });

  it("may not grow beyond a limit", () => {
    const decoder = LINE_FRAMING.createDecoder(10);
    decoder.push('{"chunk-stream": null}');
    decoder.push("0123456789");
    expect(() => decoder.push("x")).toThrow("a message has more than 10 characters");
  });
});

describe("a message over WebSocket", () => {
  it("is one text, however long", () => {
    const lines = WEBSOCKET_FRAMING.formatMessage({ get: LONG });
    expect(lines).toHaveLength(1);
    expect(WEBSOCKET_FRAMING.createDecoder().push(lines[0] ?? "")).toEqual({ value: { get: LONG }, chunked: false });
  });

  it("announces no chunks", () => {
    const value = { "chunk-stream": null };
    expect(WEBSOCKET_FRAMING.createDecoder().push(JSON.stringify(value))).toEqual({ value, chunked: false });
  });

  it("may hold line ends and blanks around it, and must be JSON", () => {
    expect(WEBSOCKET_FRAMING.createDecoder().push(' {"ping":\n1}\n ')?.value).toEqual({ ping: 1 });
    expect(() => WEBSOCKET_FRAMING.createDecoder().push("nope")).toThrow(ProtocolError);
  });
});

it("white space at the end of a line counts over WebSocket only", () => {
  expect(LINE_FRAMING.trim("END \r")).toBe("END");
  expect(WEBSOCKET_FRAMING.trim("END ")).toBe("END ");
});
