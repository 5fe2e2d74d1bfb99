import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "./commands.ts";

const REPOSITORY = join(import.meta.dirname, "../../..");
const PROGRAMS = {
  depid: "apps/simulator/src/main.ts",
  "depid-hashserv": "apps/hashserv/src/main.ts",
  "depid-hashclient": "apps/hashserv/src/client/main.ts",
} as const;
type Name = keyof typeof PROGRAMS;

function run(program: Name, args: readonly string[], { env = {}, stdout = "pipe" as "pipe" | number } = {}) {
  const options = ["--conditions=@depid/source", "--import", "tsx", PROGRAMS[program], ...args];
  return spawnSync(process.execPath, options, {
    cwd: REPOSITORY,
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", stdout, "pipe"],
  });
}

/** The packages of the workspace and of npm that a command loads, counted by the engine itself. */
function loadedBy(program: Name, ...args: string[]): Readonly<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), "depid-modules-"));
  const { status } = run(program, args, { env: { NODE_V8_COVERAGE: folder } });
  expect(status).toBe(0);
  const urls = readdirSync(folder).flatMap((name) =>
    (JSON.parse(readFileSync(join(folder, name), "utf8")) as { result: { url: string }[] }).result.map((it) => it.url),
  );
  rmSync(folder, { recursive: true });
  const counts: Record<string, number> = {};
  for (const url of new Set(urls.map((it) => it.replace(/\?.*/, "")))) {
    const name =
      /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? /\/((?:packages|apps)\/[^/]+)\/src\//.exec(url)?.[1];
    if (name === undefined || /^(?:tsx|esbuild|get-tsconfig|resolve-pkg-maps|@esbuild.*)$/.test(name)) continue;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** What draws, databases and logs. Graphs are not among them: packages/task-graph, which nearly every command stands on, loads them. */
const NEEDED_BY_RUNS = /^(?:ora|better-sqlite3|pino|postgres|prom-client)$/;

describe("a program loads what it runs", () => {
  it("depid --help: the list of commands, and none of them", () => {
    const {
      commander,
      "apps/simulator": own,
      "packages/command-line": shared,
      ...others
    } = loadedBy("depid", "--help");
    expect(others).toEqual({});
    expect(own).toBeLessThanOrEqual(8);
    expect((shared ?? 0) + (commander ?? 0)).toBeGreaterThan(0);
  });

  it.each([
    [
      ["import", "stamps", "--help"],
      ["compare", "doctor", "replay", "report", "hashserv"],
    ],
    [
      ["diff", "--help"],
      ["doctor", "replay", "report", "runqueue", "hashserv", "hashserv-client"],
    ],
    [
      ["replay", "--help"],
      ["doctor", "compare", "hashserv"],
    ],
  ])("depid %j: nothing of %j", (args, unused) => {
    const loaded = Object.keys(loadedBy("depid", ...args));
    expect(loaded.filter((name) => unused.includes(name.replace("packages/", "")))).toEqual([]);
  });

  /** By the words that call them: those of the table, so that a new one is tried by being there. */
  const commands = COMMANDS.flatMap((it) => [[it.name], ...(it.commands ?? []).map((below) => [it.name, below.name])]);

  it.each(commands.map((words) => [words]))("depid %j --help: nothing that only a run needs", (words) => {
    const loaded = Object.keys(loadedBy("depid", ...words, "--help"));
    expect(loaded.filter((name) => NEEDED_BY_RUNS.test(name))).toEqual([]);
  });

  it.each(["depid-hashserv", "depid-hashclient"] as const)("%s --help: no server, no database, no log", (program) => {
    const loaded = Object.keys(loadedBy(program, "--help"));
    expect(loaded.filter((name) => /pino|ora|ws|hono|postgres|sqlite|prom-client/.test(name))).toEqual([]);
  });
});

const names = Object.keys(PROGRAMS) as Name[];

describe("output that cannot be written is one line and exit status 2", () => {
  it.each(names)("%s on a full disk", (program) => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = run(program, ["--help"], { stdout: full });
    closeSync(full);
    expect(stderr).toBe(`${program}: stdout cannot be written: no space left on the device\n`);
    expect(status).toBe(2);
  });

  it.each(names)("%s into a pipe that nobody reads", (program) => {
    const line = `"$0" --conditions=@depid/source --import tsx ${PROGRAMS[program]} --help | true; exit \${PIPESTATUS[0]}`;
    const { status, stderr } = spawnSync("bash", ["-c", line, process.execPath], { cwd: REPOSITORY, encoding: "utf8" });
    expect(stderr).toBe(`${program}: stdout cannot be written: nobody reads it\n`);
    expect(status).toBe(2);
  });

  it.each(names)("%s whose reader has seen enough ends quietly", (program) => {
    const line = `"$0" --conditions=@depid/source --import tsx ${PROGRAMS[program]} --help | head -c 1; exit \${PIPESTATUS[0]}`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", line, process.execPath], {
      cwd: REPOSITORY,
      encoding: "utf8",
    });
    expect([status, stdout.length, stderr]).toEqual([0, 1, ""]);
  });
});

describe("--version", () => {
  it.each(names)("of %s has the version and, in a checkout, the commit", (program) => {
    const { stdout, status } = run(program, ["--version"]);
    expect(stdout).toMatch(
      new RegExp(
        `^${program} \\d+\\.\\d+\\.\\d+ \\((?:commit [0-9a-f]{12}(?:-dirty)?|commit unknown: not run from a checkout)\\)\\n$`,
      ),
    );
    expect(status).toBe(0);
  });
});
