import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runHashserv } from "./program.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/hashserv/tls/${name}`, import.meta.url));
const TLS = ["--tls-cert", fixture("cert.pem"), "--tls-key", fixture("key.pem")];
const HTTP = ["--http", "127.0.0.1:0"];

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** Runs the program in this process, until it has said so many lines. @returns what it said, and its exit status */
async function linesOf(args: readonly string[], count: number) {
  const lines: string[] = [];
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const print = (line: string) => {
    lines.push(line.replaceAll(directory, "DIR"));
    if (lines.length === count) end();
  };
  const own = [
    "--database",
    join(directory, "x.db"),
    "--safe-defaults",
    ...args.map((it) => it.replace("DIR", directory)),
  ];
  const status = await runHashserv({
    args: own,
    env: {},
    print,
    ended,
    exit: () => expect.unreachable("it ends by itself"),
  });
  return { lines, status };
}

describe("a server says where it listens, at the level that it has if nobody asks for another", () => {
  it.each<[string, string[], RegExp[]]>([
    ["a unix socket", ["--bind", "unix://DIR/s.sock"], [/^INFO: listening on unix:\/\/DIR\/s\.sock$/]],
    ["TCP, with the port that it was given", ["--bind", "127.0.0.1:0"], [/^INFO: listening on 127\.0\.0\.1:[1-9]\d*$/]],
    ["TCP on all addresses", ["--bind", ":0"], [/^INFO: listening on \S*:[1-9]\d*$/]],
    ["WebSocket", ["--bind", "ws://127.0.0.1:0"], [/^INFO: listening on ws:\/\/127\.0\.0\.1:[1-9]\d*$/]],
    ["TLS", ["--bind", "127.0.0.1:0", ...TLS], [/^INFO: listening on tls:\/\/127\.0\.0\.1:[1-9]\d*$/]],
    [
      "WebSocket over TLS",
      ["--bind", "ws://127.0.0.1:0", ...TLS],
      [/^INFO: listening on wss:\/\/127\.0\.0\.1:[1-9]\d*$/],
    ],
    [
      "HTTP beside a unix socket",
      ["--bind", "unix://DIR/s.sock", ...HTTP],
      [/^INFO: listening on unix:\/\/DIR\/s\.sock$/, /^INFO: HTTP at http:\/\/127\.0\.0\.1:[1-9]\d*$/],
    ],
    [
      "HTTP over TLS",
      ["--bind", "127.0.0.1:0", ...HTTP, ...TLS],
      [/^INFO: listening on tls:\/\//, /^INFO: HTTP at https:\/\/127\.0\.0\.1:[1-9]\d*$/],
    ],
    [
      "JSON, where the log is JSON",
      ["--bind", "127.0.0.1:0", "--log-format", "json"],
      [/^\{.*"listening on 127\.0\.0\.1:[1-9]\d*".*\}$/],
    ],
  ])("%s", async (_what, args, expected) => {
    const { lines, status } = await linesOf(args, expected.length);
    expect(lines).toEqual(expected.map((line) => expect.stringMatching(line)));
    expect(status).toBe(0);
  });
});
