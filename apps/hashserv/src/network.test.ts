import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openClient } from "@depid/hashserv-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseOptions } from "./options.ts";
import { runHashserv } from "./program.ts";

const file = (name: string) => fileURLToPath(new URL(`../../../fixtures/hashserv/tls/${name}`, import.meta.url));
const TLS = ["--tls-cert", file("cert.pem"), "--tls-key", file("key.pem")];

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** Runs the program in this process. */
function run(args: readonly string[]) {
  const said: string[] = [];
  let wake = () => {};
  let end = () => {};
  const print = (line: string) => {
    said.push(line);
    wake();
  };
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const status = runHashserv({
    args: ["-d", join(directory, "x.db"), "-l", "info", ...args],
    env: {},
    print,
    ended,
    exit: () => expect.unreachable("it ends by itself"),
  });
  /** What stands behind a word, once a line has it. */
  const behind = async (word: string): Promise<string> => {
    for (;;) {
      const line = said.find((one) => one.includes(word));
      if (line !== undefined) return /[^" ]+/.exec(line.slice(line.indexOf(word) + word.length))?.[0] ?? "";
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { said, behind, end, status };
}

describe("depid-hashserv on the network", () => {
  it("serves the line protocol, HTTP, metrics and health, and writes its log as JSON", async () => {
    const args = ["-b", "127.0.0.1:0", "--http", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--log-format", "json"];
    const { said, behind, end, status } = run(args);
    const client = await openClient(await behind("listening on "));
    await client.ping();
    const http = await fetch(`${await behind("HTTP at ")}/v1/equivalent?method=m&taskhash=t`);
    expect(await http.json()).toBeNull();
    const metrics = await behind("metrics at ");
    const text = await (await fetch(metrics)).text();
    expect(text).toContain('depid_hashserv_requests_total{request="ping"} 1\n');
    expect(text).toContain('depid_hashserv_lookups_total{request="get",result="miss"} 1\n');
    expect(text).toMatch(/^depid_hashserv_database_bytes\{file="main"\} [1-9]/m);
    const health = await fetch(metrics.replace("/metrics", "/healthz"));
    expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
    await client.close();
    end();
    expect(await status).toBe(0);
    for (const line of said) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) });
  });

  it.each([
    ["tls", "127.0.0.1:0"],
    ["wss", "ws://127.0.0.1:0"],
  ])("speaks TLS: %s", async (scheme, bind) => {
    const { behind, end, status } = run(["-b", bind, ...TLS]);
    const address = await behind("listening on ");
    expect(address).toMatch(new RegExp(`^${scheme}://127\\.0\\.0\\.1:\\d+$`));
    await expect(openClient(address)).rejects.toThrow("self-signed certificate");
    end();
    expect(await status).toBe(0);
  });

  it.each([
    ["a certificate that is not there", ["--tls-cert", "no.pem", "--tls-key", "no.pem"], "cannot read no.pem: ENOENT"],
    ["a key that is none", ["--tls-cert", TLS[1], "--tls-key", TLS[1]], "the certificate or its key cannot be used: "],
    ["TLS on a unix socket", TLS, "--bind: a unix socket has no TLS"],
    ["TLS without a certificate", ["-b", "wss://127.0.0.1:0"], "wss:// needs a certificate and its key"],
    ["an HTTP address that is none", ["--http", "ws://a:1"], '--http: expected HOST:PORT, found "ws://a:1"'],
    ["a metrics address that is none", ["--metrics", "9100"], 'found "9100"'],
  ] as const)("says in one line what is wrong with %s", async (what, args, message) => {
    const bind = what === "TLS on a unix socket" ? `unix://${directory}/s.sock` : "127.0.0.1:0";
    const { said, status } = run(["-b", bind, ...args.map(String)]);
    expect(await status).toBe(2);
    expect(said.at(-1)).toContain(message);
  });
});

describe("options of the network", () => {
  it("come from the environment, too", () => {
    const env = {
      HASHSERVER_HTTP: ":80",
      HASHSERVER_METRICS: ":90",
      HASHSERVER_LOG_FORMAT: "json",
      HASHSERVER_TLS_CERT: "c",
      HASHSERVER_TLS_KEY: "k",
      HASHSERVER_ALLOW_HOST: "a.example, b",
    };
    expect(parseOptions([], env)).toMatchObject({ allowHosts: ["a.example", "b"] });
    const network = { http: ":80", metrics: ":90", logFormat: "json", tls: { cert: "c", key: "k" } };
    expect(parseOptions([], env)).toMatchObject(network);
    expect(parseOptions(["--http", ":81", "--log-format=text"], env)).toMatchObject({ http: ":81", logFormat: "text" });
  });

  it("are limits in counts, characters and seconds", () => {
    const args = ["--max-connections", "5", "--max-message", "1000", "--greeting-timeout", "2.5", "--reuseport"];
    expect(parseOptions(args, {})).toMatchObject({
      limits: { connections: 5, messageSize: 1000, greetingMs: 2500 },
      reusePort: true,
    });
  });

  it.each([
    [["--tls-cert", "c"]],
    [["--tls-key", "k"]],
    [["--max-connections", "0"]],
    [["--allow-host", "http://a.example"]],
    [["--greeting-timeout", "soon"]],
    [["--log-format", "xml"]],
  ])("that make no sense are bad usage: %j", (args) => {
    expect(() => parseOptions(args, {})).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
