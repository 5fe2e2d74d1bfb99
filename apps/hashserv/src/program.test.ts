import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argsForProgram } from "@depid/hashserv/thread";
import { formatGreeting, formatMessage } from "@depid/hashserv-protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseOptions } from "./options.ts";
import { runHashserv } from "./program.ts";

const MAIN = new URL("main.ts", import.meta.url).pathname;
const A = "a".repeat(64);

let directory: string;
let children: ChildProcess[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
  children = [];
});
afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  await rm(directory, { recursive: true });
});

/** Runs the program in a directory of its own, which holds the default socket and database. */
function run(args: readonly string[] = [], env: Record<string, string> = {}) {
  const options = [...argsForProgram(MAIN), ...args];
  const child = spawn(process.execPath, options, { cwd: directory, env: { ...process.env, ...env } });
  children.push(child);
  let text = "";
  const waiting: (() => void)[] = [];
  child.stderr.on("data", (bytes) => {
    text += bytes;
    for (const wake of waiting.splice(0)) wake();
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  /** The first line that matches; fails if the program ends before it. */
  const line = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(text);
      if (found) return found[1] ?? found[0];
      if (child.exitCode !== null) throw new Error(`the program ended: ${text}`);
      await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), exited]);
    }
  };
  return { child, exited, line, said: () => text };
}

/** Sends one message, and gives the answer. */
async function ask(path: string, message: Parameters<typeof formatMessage>[0]): Promise<unknown> {
  const socket = createConnection(join(directory, path));
  socket.end(formatGreeting() + formatMessage(message));
  let heard = "";
  for await (const bytes of socket) heard += bytes;
  return JSON.parse(heard);
}

const LISTENING = /listening on (.*)/;
const report = (taskhash: string) => ({ report: { method: "m", taskhash, outhash: "o", unihash: A } });

describe("depid-hashserv", () => {
  it.each(["SIGTERM", "SIGINT", "SIGQUIT"] as const)(
    "serves where it is told, and ends with status 0 on %s",
    async (signal) => {
      const { child, exited, line, said } = run(["--bind", "unix://./s.sock", "-d", "x.db", "--log", "info"]);
      expect(await line(LISTENING)).toBe("unix://./s.sock");
      expect(await ask("s.sock", { ping: {} })).toEqual({ alive: true });
      child.kill(signal);
      expect(await exited).toBe(0);
      await expect(access(join(directory, "s.sock"))).rejects.toThrow();
      await expect(access(join(directory, "x.db-wal"))).rejects.toThrow();
      expect(said()).toMatch(/^WARNING: anybody who can connect may delete everything: .*\nINFO: listening on .*\n$/);
    },
  );

  it("keeps every answered report when it is killed", async () => {
    const env = { HASHSERVER_LOG_LEVEL: "INFO", HASHSERVER_DB: "kept.db", HASHSERVER_BIND: "unix://./k.sock" };
    const first = run([], env);
    await first.line(LISTENING);
    for (let i = 0; i < 20; i++) expect(await ask("k.sock", report(`t${i}`))).toMatchObject({ unihash: A });
    first.child.kill("SIGKILL");
    await first.exited;
    await run([], env).line(LISTENING);
    for (let i = 0; i < 20; i++) {
      expect(await ask("k.sock", { get: { method: "m", taskhash: `t${i}` } })).toMatchObject({ unihash: A });
    }
  });

  it.each<[string, string[], RegExp, Record<string, string>?]>([
    ["an unknown option", ["--read-write"], /: unknown option '--read-write'/],
    ["an option that is almost one", ["--databse", "x"], /: unknown option '--databse' \(did you mean --database\?\)/],
    ["an argument too many", ["x"], /: too many arguments/],
    ["an option without its value", ["-b"], /: option '-b, --bind <address>' argument missing/],
    ["a log level there is none of", ["-l", "loud"], /: --log: expected ERROR, WARNING, INFO, DEBUG .*"loud"/],
    ["a format of the log there is none of", ["--log-format", "xml"], /'--log-format <format>' .*text, json/],
    ["read-only with an upstream", ["-r", "-u", "localhost:1"], /: --read-only: .*\(--upstream\)/],
    [
      "read-only without a database",
      ["-r"],
      /: --database: \.\/hashserv\.db: no such file, and --read-only makes none/,
    ],
    ["an upstream that is no address", ["-u", "nonsense"], /: --upstream: expected .*"nonsense"/],
    ["permissions nobody knows", ["--anon-perms", "@write"], /: --anon-perms: .*, found @write/],
    ["users managed by anybody", ["--anon-perms=@read,@user-admin"], /: --anon-perms: .*, found @user-admin/],
    ["an administrator without password", ["--admin-user", "x"], /: --admin-user x: expected --admin-password/],
    ["an address that is none", ["-b", "nonsense"], /: --bind: expected unix:.*"nonsense"/],
    ["a socket in a folder that is not there", ["-b", "unix://no/x.sock"], /: --bind: no: no such directory/],
    ["a port there is none of", ["-b", "localhost:70000"], /: --bind: expected unix:.*"localhost:70000"/],
    ["TLS without a certificate", ["-b", "wss://localhost:1"], /: --bind: wss:\/\/ needs a certificate/],
    ["a path of a WebSocket", ["-b", "ws://localhost:1/x"], /: --bind: a server listens on all paths/],
    ["an address of HTTP that is none", ["--http", "unix://./x"], /: --http: expected HOST:PORT, found "unix:/],
    [
      "an address of metrics that is none",
      ["--metrics", "nonsense"],
      /: --metrics: expected HOST:PORT, found "nonsense"/,
    ],
    ["metrics by the environment", [], /: --metrics: expected HOST:PORT, found "x"/, { HASHSERVER_METRICS: "x" }],
    ["a database in a folder that is not there", ["-d", "no/x.db"], /: --database: no: no such directory/],
    ["a database that is a folder", ["-d", "."], /: --database: \.: expected a file, found a directory/],
    ["a database of another kind", ["-d", "mysql://x"], /: --database: expected a file or postgres:/],
    [
      "a durability there is none of",
      ["--durability", "some"],
      /: --durability: expected normal, full, off, found "some"/,
    ],
    ["writing behind without writing", ["--write-behind", "-r"], /: --write-behind: a server that may not write/],
    ["writing behind PostgreSQL", ["--write-behind", "-d", "postgres://x"], /: --write-behind: only a SQLite database/],
    ["a certificate without key", ["--tls-cert", "x"], /: --tls-cert and --tls-key need each other/],
    [
      "a certificate that is missing",
      ["-b", ":0", "--tls-cert", "x", "--tls-key", "y"],
      /: --tls-cert, --tls-key: cannot read x: ENOENT/,
    ],
    ["connections that are none", ["--max-connections", "0"], /'--max-connections <count>' .*a whole number from 1/],
    ["half a character", ["--max-message", "0.5"], /'--max-message <size>' .*a whole number from 1/],
    ["no time to greet", ["--greeting-timeout", "0"], /'--greeting-timeout <seconds>' .*a positive number/],
  ])(
    "wrong usage is one line that names the option, status 2, and nothing is created: %s",
    async (_what, args, message, env) => {
      const lines: string[] = [];
      const before = process.cwd();
      process.chdir(directory);
      const print = (line: string) => void lines.push(line);
      const status = await runHashserv({
        args,
        env: { ...process.env, ...env },
        print,
        ended: Promise.resolve(),
        exit: () => expect.unreachable("it ends by itself"),
      });
      process.chdir(before);
      expect(lines).toEqual([expect.stringMatching(/^depid-hashserv: [^\n]*$/)]);
      expect(lines[0]).toMatch(message);
      expect(status).toBe(2);
      expect(await readdir(directory)).toEqual([]);
    },
  );

  it("that cannot start has status 1", async () => {
    const { line } = run(["--bind", "unix://./s.sock", "--log", "info"]);
    await line(LISTENING);
    const second = run(["--bind", "unix://./s.sock"]);
    expect(await second.exited).toBe(1);
    expect(second.said()).toMatch(/^depid-hashserv: cannot listen on unix:\/\/\.\/s\.sock: .*\n$/m);
  });

  it("says where it listens without being asked, but not when only errors are wanted", async () => {
    const { line, said } = run(["--safe-defaults"]);
    expect(await line(LISTENING)).toBe("unix://./hashserve.sock");
    expect(said()).toBe("INFO: listening on unix://./hashserve.sock\n");
    const quiet = run(["--log", "error", "--bind", "unix://./q.sock", "--metrics", "127.0.0.1:0"]);
    while ((await ask("q.sock", { ping: {} }).catch(() => undefined)) === undefined && quiet.child.exitCode === null);
    quiet.child.kill();
    expect(await quiet.exited).toBe(0);
    expect(quiet.said()).toBe("");
  });

  it("is what its README says", async () => {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const [, args = ""] = /```sh\nnpx depid-hashserv (.*)\n```/.exec(readme) ?? [];
    const { child, exited, line } = run([...args.split(" "), "--log", "INFO"]);
    expect(await line(LISTENING)).toBe("unix://./hashserve.sock");
    child.kill();
    expect(await exited).toBe(0);
  });
});

/** Options of the network, which BitBake's server does not have. */
const NETWORK = {
  http: undefined,
  metrics: undefined,
  logFormat: "text",
  tls: undefined,
  reusePort: false,
  limits: { connections: 10_000, greetingMs: 60_000, messageSize: undefined },
};

const DEFAULTS = {
  ...NETWORK,
  bind: "unix://./hashserve.sock",
  database: "./hashserv.db",
  log: "WARNING",
  upstream: undefined,
  readOnly: false,
  anonymous: ["@read", "@report", "@db-admin"],
  admin: undefined,
  cleanUnusedCompat: false,
};

function parse(args: readonly string[], env: Record<string, string> = {}) {
  const options = parseOptions(args, env);
  return { ...options, anonymous: [...options.anonymous] };
}

describe("options", () => {
  it("have the defaults of BitBake's server", () => {
    expect(parse([])).toMatchObject(DEFAULTS);
    const empty = { HASHSERVER_UPSTREAM: "", HASHSERVER_ADMIN_USER: "", HASHSERVER_READ_ONLY: "0" };
    expect(parse([], empty)).toMatchObject(DEFAULTS);
  });

  it("come from the environment, and from the command line before that", () => {
    const env = {
      HASHSERVER_BIND: ":1",
      HASHSERVER_DB: "e.db",
      HASHSERVER_LOG_LEVEL: "debug",
      HASHSERVER_UPSTREAM: "u:1",
      HASHSERVER_READ_ONLY: "0",
      HASHSERVER_ANON_PERMS: "@read @report",
      HASHSERVER_CLEAN_UNUSED_COMPAT: "1",
      HASHSERVER_ADMIN_USER: "root",
      HASHSERVER_ADMIN_PASSWORD: "secret",
    };
    const fromEnv = {
      ...NETWORK,
      bind: ":1",
      database: "e.db",
      log: "DEBUG",
      upstream: "u:1",
      readOnly: false,
      cleanUnusedCompat: true,
      anonymous: ["@read", "@report"],
      admin: { username: "root", token: "secret" },
    };
    expect(parse([], env)).toMatchObject(fromEnv);
    const args = ["-b", ":2", "--database=f.db", "-u", "v:2", "--anon-perms", "@db-admin,@none", "--admin-user", "adm"];
    expect(parse(args, env)).toMatchObject({
      ...fromEnv,
      bind: ":2",
      database: "f.db",
      upstream: "v:2",
      anonymous: ["@db-admin", "@none"],
      admin: { username: "adm", token: "secret" },
    });
  });

  it.each([
    [["--safe-defaults"], ["@read", "@report"]],
    [["--anon-perms", ""], []],
    [["--safe-defaults", "--anon-perms", "@db-admin"], ["@db-admin"]],
  ])("%j: everybody has %j", (args, anonymous) => {
    expect(parse(args).anonymous).toEqual(anonymous);
  });
});
