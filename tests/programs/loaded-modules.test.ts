import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../apps/simulator/src/commands.ts";
import { reachOf } from "../architecture/reach.ts";
import { readWorkspace } from "../architecture/workspace.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const packages = readWorkspace(ROOT, { tests: false });
const RECORDED = "examples/meta-mini/recorded";

/** Names of the packages, of the workspace and of npm, that are loaded with files of an app. */
function loadedWith(app: string, ...files: string[]): readonly string[] {
  const reaches = files.map((file) => reachOf(packages, app, file));
  return [...new Set(reaches.flatMap(({ files: own, modules }) => [...own.keys(), ...modules]))].sort();
}

/** Files of the workspace, and names of packages of npm, that a process really loaded, as the engine tells. */
function loadedBy(main: string, ...args: string[]): ReadonlySet<string> {
  const folder = mkdtempSync(join(tmpdir(), "depid-modules-"));
  spawnSync(process.execPath, ["--conditions=@depid/source", "--import", "tsx", main, ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_V8_COVERAGE: folder },
  });
  const urls = readdirSync(folder).flatMap((name) =>
    (JSON.parse(readFileSync(join(folder, name), "utf8")) as { result: { url: string }[] }).result.map((it) => it.url),
  );
  rmSync(folder, { recursive: true });
  const names = urls.flatMap((url) => {
    const path = url.replace(/\?.*/, "");
    const own = /\/((?:packages|apps)\/[^/]+\/src\/.*)$/.exec(path)?.[1];
    return own ?? /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [];
  });
  // What runs TypeScript, and its own.
  return new Set(names.filter((it) => !/^(?:tsx|esbuild|get-tsconfig|resolve-pkg-maps|@esbuild.*)$/.test(it)));
}

/** The same as paths of the repository, as the sources have it. */
function filesWith(app: string, ...files: string[]): readonly string[] {
  return files.flatMap((file) => {
    const { files: own, modules } = reachOf(packages, app, file);
    const paths = [...own].flatMap(([name, list]) => {
      const folder = packages.find((it) => it.name === name)?.folder;
      return [...list].map((it) => `${folder}/${it}`);
    });
    return [...paths, ...modules];
  });
}

/** By the words that call them: those of the table, so that a new one is tried by being there. */
const commands = COMMANDS.flatMap(({ name, commands: below = [], load }) => [
  ...(load === undefined ? [] : [{ words: name, file: `src/${name}-command.ts` }]),
  ...below.map((it) => ({ words: `${name} ${it.name}`, file: `src/${name}/${it.name}-command.ts` })),
]);

/** What names of flags and their values need: words that packages know, with errors. */
const WITH_FLAGS: Readonly<Record<string, readonly string[]>> = {
  replay: ["replay", "runqueue", "hash"],
  explore: ["replay", "runqueue", "hash"],
  advise: ["replay", "runqueue", "hash"],
  predict: ["runqueue", "hash"],
  verify: ["replay", "runqueue", "hash"],
  sweep: ["replay", "runqueue", "hash"],
  retention: ["replay", "runqueue", "hash"],
};
const PROGRAM = ["simulator", "command-line", "commander"];

describe("help, version, completion and wrong usage load", () => {
  it("of depid the list of commands", () => {
    expect(loadedWith("simulator", "src/main.ts")).toEqual([...PROGRAM].sort());
    expect(reachOf(packages, "simulator", "src/main.ts").files.get("simulator")?.size).toBeLessThanOrEqual(6);
  });

  it.each(commands)("of depid $words its flags, and nothing of what it does", ({ words, file }) => {
    const known = [...PROGRAM, ...(WITH_FLAGS[words] ?? [])];
    expect(loadedWith("simulator", file).filter((it) => !known.includes(it))).toEqual([]);
    const { files } = reachOf(packages, "simulator", file);
    expect(files.get("simulator")?.size).toBeLessThanOrEqual(6);
    expect(files.get("replay")?.size ?? 0).toBeLessThanOrEqual(2);
    expect(files.get("runqueue")?.size ?? 0).toBeLessThanOrEqual(2);
  });

  it.each([
    ["depid-hashserv", "src/main.ts", ["limits", "log", "session/anonymous", "settings", "storage/storage"]],
    ["depid-hashclient", "src/client/main.ts", ["log"]],
  ])("of %s its options, and of the server nothing but values that they name", (_program, main, values) => {
    const own = ["command-line", "commander", "hashserv", "hashserv-app"];
    expect(loadedWith("hashserv-app", main)).toEqual(own);
    const { files } = reachOf(packages, "hashserv-app", main);
    expect([...(files.get("hashserv") ?? [])].sort()).toEqual(values.map((it) => `src/${it}.ts`));
  });
});

const MODEL = ["hash", "@noble/hashes", "task-graph", "siggen", "sstate", "graphology", "graphology-dag"];
const BITBAKE = [...MODEL, "bitbake", "@photostructure/sqlite", "zstddec"];
const COMPARE = ["compare", "durations", "@lezer/python", "diff", "markdown-table", "tinyqueue"];
const RUN = [...MODEL, "zod", "replay", "runqueue", "durations", "yaml", "markdown-table", "tinyqueue"];
const CLIENT = ["hashserv-client", "hashserv-protocol", "p-limit"];

const IMPORTS = commands
  .filter(({ file }) => file.startsWith("src/import/"))
  .map(({ file }): [string, readonly string[]] => [file.replace(/^src\/|-command/g, ""), BITBAKE]);

describe("what a command does loads nothing of what others do:", () => {
  const known: readonly [string, readonly string[]][] = [
    ["diff.ts", [...BITBAKE, ...COMPARE, "scenario"]],
    ["explain.ts", [...BITBAKE, ...COMPARE, "scenario"]],
    ["explain-console.ts", [...BITBAKE, ...COMPARE]],
    ["check-locks.ts", [...BITBAKE, "scenario"]],
    ["outhash.ts", [...MODEL, "bitbake"]],
    ["doctor.ts", [...BITBAKE, ...CLIENT, "doctor", "hashserv"]],
    ["label.ts", RUN],
    ["replay.ts", [...RUN, ...CLIENT, "scenario"]],
    ["explore.ts", [...RUN, ...CLIENT, "scenario", "run-document", "explorer"]],
    ["advise.ts", [...RUN, ...CLIENT, "scenario"]],
    ["scenarios.ts", [...RUN, "scenario"]],
    ["predict.ts", [...BITBAKE, ...COMPARE, ...RUN, ...CLIENT, "scenario"]],
    ["verify.ts", [...RUN, ...CLIENT, "bitbake", "@photostructure/sqlite", "zstddec"]],
    ["sweep.ts", [...RUN, ...CLIENT, "scenario"]],
    ["retention.ts", [...RUN, ...CLIENT, "bitbake", "@photostructure/sqlite", "zstddec", "scenario"]],
    ["merge.ts", RUN],
    ["worker.ts", [...RUN, ...CLIENT, "pg-boss"]],
    ...IMPORTS,
  ];
  it.each(known)("%s", (file, packages) => {
    const loaded = loadedWith("simulator", `src/${file}`);
    expect(loaded.filter((it) => ![...PROGRAM, ...packages].includes(it))).toEqual([]);
  });

  it("every command is in this list", () => {
    const works = commands.map(({ file }) => file.replace(/^src\/|-command/g, ""));
    expect(known.map(([file]) => file)).toEqual(expect.arrayContaining(works));
  });

  it("doctor loads of the server the one file that knows file systems of a network", () => {
    expect(reachOf(packages, "simulator", "src/doctor.ts").files.get("hashserv")?.size).toBe(1);
  });
});

describe("a process loads what its sources say:", () => {
  const DIFF = ["src/main.ts", "src/diff-command.ts", "src/diff.ts"];
  it.each<[readonly string[], readonly string[], readonly string[]]>([
    [["--help"], ["src/main.ts"], []],
    [["outhash", "--help"], ["src/main.ts", "src/outhash-command.ts"], []],
    [["diff", `${RECORDED}/before.jsonl.gz`, `${RECORDED}/after.jsonl.gz`], DIFF, ["src/read/index.ts"]],
  ])("depid %j loads %j, and of task-graph %j", (args, files, read) => {
    const main = "apps/simulator/src/main.ts";
    const expected = new Set([...filesWith("simulator", ...files), ...filesWith("task-graph", ...read)]);
    const workspaceOnly = (names: Iterable<string>) =>
      [...names].filter((it) => /^(?:apps|packages)\//.test(it)).sort();
    expect(workspaceOnly(loadedBy(main, ...args))).toEqual(workspaceOnly(expected));
  });
});
