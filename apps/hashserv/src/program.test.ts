import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatGreeting, formatMessage } from "@depid/hashserv-protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseOptions } from "./options.ts";

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

/** Runs the program from its source in a directory of its own, which holds the default socket and database. */
function run(args: readonly string[] = [], env: Record<string, string> = {}) {
  const options = ["--import", import.meta.resolve("tsx"), "--conditions=@depid/source", MAIN, ...args];
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
      expect(said()).toBe("INFO: listening on unix://./s.sock\n");
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

  it.each([
    ["an unknown option", ["--read-only"], 2, /^error: unknown option '--read-only'\n$/],
    ["an argument too many", ["x"], 2, /^error: too many arguments/],
    ["an option without its value", ["-b"], 2, /^error: option '-b, --bind <address>' argument missing\n$/],
    [
      "a log level there is none of",
      ["-l", "loud"],
      1,
      /^depid-hashserv: log level: expected ERROR, WARNING, INFO, DEBUG in any case, found "loud"\n$/,
    ],
    ["an address that is none", ["-b", "nonsense"], 1, /^depid-hashserv: address: expected unix:.*"nonsense"\n$/],
    [
      "a database that cannot be opened",
      ["-d", "no/x.db"],
      1,
      /^depid-hashserv: cannot open the database no\/x.db: .*\n$/,
    ],
  ])("says in one line what is wrong with %s", async (_what, args, status, message) => {
    const { exited, said } = run(args);
    expect(await exited).toBe(status);
    expect(said()).toMatch(message);
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

describe("options", () => {
  it("have the defaults of BitBake's server", () => {
    expect(parseOptions([], {})).toEqual({
      bind: "unix://./hashserve.sock",
      database: "./hashserv.db",
      log: "WARNING",
    });
  });
  it("come from the environment, and from the command line before that", () => {
    const env = { HASHSERVER_BIND: ":1", HASHSERVER_DB: "e.db", HASHSERVER_LOG_LEVEL: "debug" };
    expect(parseOptions([], env)).toEqual({ bind: ":1", database: "e.db", log: "DEBUG" });
    expect(parseOptions(["-b", ":2", "--database=f.db"], env)).toEqual({ bind: ":2", database: "f.db", log: "DEBUG" });
  });
});
