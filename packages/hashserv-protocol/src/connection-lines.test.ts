import { describe, expect, it } from "vitest";
import { formatAddress, parseAddress } from "./address.ts";
import { InvalidAddressError, InvalidRequestError, ProtocolError } from "./errors.ts";
import { formatGreeting, GreetingDecoder } from "./greeting.ts";
import { formatStreamQuery, parseStreamQuery } from "./stream-lines.ts";
import { strip, stripEnd } from "./white-space.ts";

function greet(text: string): readonly string[] | undefined {
  const decoder = new GreetingDecoder();
  let answer: readonly string[] | undefined;
  for (const line of text.split("\n").slice(0, -1)) answer = decoder.push(line);
  return answer;
}

describe("the greeting", () => {
  it.each([
    ["ours", formatGreeting(), []],
    ["one that wants headers", "OEHASHEQUIV 1.1\r\nNEEDS-headers:\t true \r\n\r\n", [""]],
    ["the last of equal headers", "OEHASHEQUIV 1.0.99\nneeds-headers: true\nneeds-headers: TRUE\n\n", []],
    ["headers we do not know", " OEHASHEQUIV\t01.1\na:b:c\n:\n \t\n", []],
  ] as const)("is understood: %s", (_what, text, answer) => {
    expect(greet(text)).toEqual(answer);
  });
  it.each([["1.0"], ["1"], ["1.1.0"], ["1.2"], ["1.10"], ["2.0"], ["1."], ["1..1"], ["-1.1"], ["+1.1"], ["x"], [""]])(
    "of version %j is refused",
    (version) => {
      expect(() => greet(`OEHASHEQUIV ${version}\n`)).toThrow(ProtocolError);
    },
  );
  it.each([["oehashequiv 1.1\n"], ["OEHASHEQUIV 1.1 x\n"], ["\n"], ["OEHASHEQUIV 1.1\nno colon\n"]])(
    "is refused when it is none: %j",
    (text) => {
      expect(() => greet(text)).toThrow(ProtocolError);
    },
  );
});

describe("addresses", () => {
  it.each([
    ["unix:///tmp/a b.sock", { type: "unix", path: "/tmp/a b.sock" }],
    ["unix://./hashserve.sock", { type: "unix", path: "./hashserve.sock" }],
    ["localhost:8686", { type: "tcp", host: "localhost", port: 8686 }],
    [":0", { type: "tcp", host: "", port: 0 }],
    ["[::1]:65535", { type: "tcp", host: "::1", port: 65535 }],
    ["tls://hash.example:8687", { type: "tls", host: "hash.example", port: 8687 }],
    ["ws://:0", { type: "ws", host: "", port: 0, path: "" }],
    ["ws://[::1]:8686", { type: "ws", host: "::1", port: 8686, path: "" }],
    ["wss://hash.example:8688/ws", { type: "wss", host: "hash.example", port: 8688, path: "/ws" }],
  ] as const)("%s is read and written", (text, address) => {
    expect(parseAddress(text)).toEqual(address);
    expect(formatAddress(address)).toBe(text);
  });
  it("of WebSockets have the ports of the web unless they name one", () => {
    expect(formatAddress(parseAddress("ws://hash.example/a"))).toBe("ws://hash.example:80/a");
    expect(formatAddress(parseAddress("wss://hash.example"))).toBe("wss://hash.example:443");
  });
  it.each([
    ["localhost"],
    ["::1:80"],
    ["a:65536"],
    ["a:-1"],
    ["a:"],
    ["a b:1"],
    ["unix://"],
    ["http://a:1"],
    ["ws://:/"],
    ["a:1/x"],
    [""],
  ])("%j is refused, with the forms there are", (text) => {
    expect(() => parseAddress(text)).toThrow(InvalidAddressError);
    expect(() => parseAddress(text)).toThrow(`wss:// and HOST:PORT, found "${text}"`);
  });
});

describe("stream lines", () => {
  it("are two words, any white space apart", () => {
    for (const line of ["m t", " m \t t", "m\u3000t", "m\u0085t"]) {
      expect(parseStreamQuery(line)).toEqual({ method: "m", taskhash: "t" });
    }
    expect(formatStreamQuery({ method: "m", taskhash: "t" })).toBe("m t");
  });
  it.each([["one"], ["one two three"], [""]])("of another number are refused: %j", (line) => {
    expect(() => parseStreamQuery(line)).toThrow(InvalidRequestError);
  });
});

describe("white space", () => {
  it("is what Python takes for it: a byte order mark is none, a file separator is", () => {
    expect(stripEnd(" a\u001c\u0085\u00a0\r\n")).toBe(" a");
    expect(stripEnd("a\ufeff")).toBe("a\ufeff");
    expect(strip("\t a b \n")).toBe("a b");
    expect(strip(" \t")).toBe("");
  });
});
