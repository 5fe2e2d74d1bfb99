import { type ChildProcess, spawn } from "node:child_process";
import { on, once } from "node:events";
import { existsSync, watch } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argsForProgram } from "@depid/hashserv/thread";
import { computeSignatures, createBasicHash } from "@depid/siggen";
import { type Task, TaskGraph } from "@depid/task-graph";
import { readHistory, writeCapture } from "@depid/task-graph/fs";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type DepidRun, REPOSITORY, runDepidIn } from "../testing/run-depid.ts";
import { TestRepository } from "../testing/test-repository.ts";

const A = sketchTask("a:do_x", { setscene: true });
const B = sketchTask("b:do_x", { deps: ["a:do_x"], setscene: true });

let folder: string;
let repository: TestRepository;
let output: string;
let work: string;

/**
 * Six commits of a layer. What BitBake would capture is made beforehand, one file per text of `meta/state`; a text without a
 * file does not parse.
 */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-import-git-"));
  output = join(folder, "out.history.jsonl.gz");
  work = `${output}.work`;
  await mkdir(join(folder, "captures"));
  await put("first", [A, B]);
  await put("second", [{ ...A, basehash: basehashOf("another") }, B]);
  await put("third", [A]);
  repository = await TestRepository.create(join(folder, "oe"));
  await repository.commit("before", "meta/conf/bitbake.conf", "");
  for (const [title, state] of [
    ["begin", "first"],
    ["comment", "first"],
    ["upgrade a", "second"],
    ["typo", "unparsable"],
    ["typo mended, b removed", "third"],
  ] as const) {
    await repository.commit(title, "meta/state", `${state}\n${title}\n`);
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, tasks: readonly Task[]): Promise<void> {
  const graph = new TaskGraph(tasks);
  const signatures = await computeSignatures(graph, createBasicHash());
  const captured = graph.tasks.map((task) => {
    const { taskhash, depid, depids } = signatures.get(task.tid);
    return { ...task, taskhash, depid, hashedDepids: depids, variables: undefined };
  });
  const header = { origin: { tool: "a test", machine: "qemu" }, unknown: ["weather"], assumed: [] };
  await writeCapture(join(folder, "captures", `${name}.jsonl.gz`), { header, tasks: captured });
}

/** In place of BitBake: a capture by the text of the tree. */
const CAPTURE = [
  'echo "$DEPID_TARGET at $DEPID_COMMIT" >> "$RUNS"',
  'state="$(head -n 1 "$DEPID_TREE/meta/state")"',
  'cp "$CAPTURES/$state.jsonl.gz" "$DEPID_CAPTURE" || { echo "ERROR: ParseError at meta/state:1: $state"; exit 1; }',
].join("\n");

const wordsOf = (command: string, args: readonly string[]) => {
  const words = ["import", "git", join(folder, "oe"), "-o", output, "--run-cmd", command, ...args];
  return { words, env: { CAPTURES: join(folder, "captures"), RUNS: join(folder, "runs") } };
};

function run(command: string, ...args: string[]): Promise<DepidRun> {
  const { words, env } = wordsOf(command, args);
  return runDepidIn({ env }, ...words);
}

/** In a process of its own, for signals. */
function start(command: string, ...args: string[]): ChildProcess {
  const { words, env } = wordsOf(command, args);
  const options = [...argsForProgram(join(import.meta.dirname, "../main.ts")), ...words];
  return spawn(process.execPath, options, { cwd: REPOSITORY, env: { ...process.env, ...env } });
}

/** Resolves when the file is there. */
async function appearanceOf(name: string): Promise<void> {
  const stop = new AbortController();
  const changes = on(watch(folder, { signal: stop.signal }), "change");
  while (!existsSync(join(folder, name))) await changes.next();
  stop.abort();
}

/** The captures of these tests have none. */
const SETTINGS = "settings and hard dependencies of the first builds, which do not tell them: 4";

const RANGE = ["--range", "main~4..main"];

describe("depid import git", () => {
  it("makes a history: states without a change of any task are left out, those that do not parse are skipped and told", async () => {
    const before = repository.git("status", "--porcelain", "--branch");
    const { status, stdout, stderr } = await run(CAPTURE, ...RANGE, "--target", "image", "sdk");
    expect(status).toBe(0);
    const typo = repository.git("rev-parse", "main~1");
    const log = join(work, "logs", `${typo}.log`);
    expect(stdout.split("\n")).toEqual([
      `${output}: 3 steps, 1 tasks in the last`,
      "states: 5, captured 4 (0 by an earlier run), without a change of any task 1, failed 1",
      `failed: ${typo.slice(0, 12)} typo: ParseError at meta/state:1: unparsable (${log})`,
      "unknown: weather",
      `unknown: ${SETTINGS}`,
      "",
    ]);
    expect(stderr.split("\n")[0]).toMatch(/^state 1 of 5 {2}[0-9a-f]{12} begin$/);
    expect(stderr.split("\n")[1]).toMatch(/^state 2 of 5 {2}[0-9a-f]{12} comment {2}about 1 min remain$/);
    const { header, steps } = await readHistory(output);
    expect(header).toEqual({ tool: "a test", machine: "qemu", layer: "oe", target: "image sdk" });
    expect(steps.map(({ commits }) => commits.map(({ title }) => title))).toEqual([
      ["begin"],
      ["comment", "upgrade a"],
      ["typo", "typo mended, b removed"],
    ]);
    expect(steps.map(({ id }) => id)).toEqual(
      ["main~4", "main~2", "main"].map((name) => repository.git("rev-parse", name)),
    );
    expect(steps.map(({ expect: { changed } }) => changed)).toEqual([undefined, 2, 1]);
    expect(await readFile(join(folder, "runs"), "utf8")).toContain(`image sdk at ${typo}\n`);
    expect(await readFile(log, "utf8")).toContain("ERROR: ParseError");
    expect(repository.git("status", "--porcelain", "--branch")).toBe(before);
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
  });

  it("goes on where an interrupted run ended, and leaves no process behind", async () => {
    const stuck = `${CAPTURE}\n[ -e "$RUNS.pid" ] || [ "$state" != second ] || { echo $$ > "$RUNS.pid"; exec sleep 600; }`;
    const child = start(stuck, ...RANGE);
    let printed = "";
    child.stdout?.on("data", (chunk) => (printed += chunk));
    child.stderr?.resume();
    const closed = once(child, "close");
    await appearanceOf("runs.pid");
    child.kill("SIGINT");
    expect([await closed, printed]).toEqual([[130, null], ""]);
    const pid = Number(await readFile(join(folder, "runs.pid"), "utf8"));
    // Who was killed is there until somebody has taken note of it.
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), { timeout: 60_000 });
    expect(existsSync(output)).toBe(false);
    expect(await readdir(join(work, "captures"))).toHaveLength(2);

    const { status, stderr, stdout } = await run(stuck, ...RANGE, "--json");
    expect(status).toBe(0);
    expect(stderr).toMatch(/^2 of 5 states are captured already\nstate 3 of 5 /);
    expect(JSON.parse(stdout)).toMatchObject({
      import: "git",
      output,
      states: 5,
      captured: 4,
      kept: 2,
      unchanged: 1,
      steps: 3,
      tasks: 1,
      failed: [{ id: repository.git("rev-parse", "main~1"), title: "typo" }],
      unknown: ["weather", SETTINGS],
      assumed: [],
    });
    const runs = (await readFile(join(folder, "runs"), "utf8")).trimEnd().split("\n");
    expect(runs.map((line) => line.split(" at ")[1])).toEqual(
      ["main~4", "main~3", "main~2", "main~2", "main~1", "main"].map((name) => repository.git("rev-parse", name)),
    );

    const other = await run(stuck, ...RANGE, "--target", "another");
    expect(other.status).toBe(2);
    expect(other.stderr).toBe(
      `depid: ${work} was made with target "core-image-minimal", not "another": name another folder with --work\n`,
    );
  });

  it.each<[string, string[], RegExp]>([
    [
      "a range of nothing",
      ["--range", "main..main~1"],
      /^depid: expected at least two states: --range main\.\.main~1 has no/,
    ],
    ["a commit there is none of", ["--range", "v9..main"], /^depid: --range v9\.\.main: "v9" is no commit of /],
    ["an output in no folder", [...RANGE, "-o", "/none/x"], /^depid: --output \/none\/x: no such directory\n$/],
    [
      "an output that is a folder",
      [...RANGE, "-o", "/tmp"],
      /^depid: --output \/tmp: expected a file, found a directory\n$/,
    ],
    ["a range and dates", [...RANGE, "--since", "2026-01-01"], /--range <A\.\.B>' cannot be used with option '--since/],
    ["a stride of nothing", [...RANGE, "--stride", "0"], /expected a whole number from 1/],
    ["a folder without BitBake", [...RANGE, "--bitbake", "/"], /^depid: --bitbake \/: expected bin\/bitbake in it\n$/],
    ["a folder without configuration", [...RANGE, "--conf", "/"], /^depid: --conf \/: expected bblayers\.conf/],
  ])("refuses %s", async (_what, args, message) => {
    const { status, stderr, stdout } = await run(CAPTURE, ...args);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(existsSync(output)).toBe(false);
    expect(existsSync(work)).toBe(false);
  });

  it("says so when fewer than two states could be captured", async () => {
    const { status, stderr } = await run("exit 3", ...RANGE);
    expect(status).toBe(2);
    expect(stderr).toContain("begin: exit status 3, no error in the log (");
    expect(stderr).toMatch(/depid: expected captures of at least two states, found 0 of 5\n$/);
    expect(existsSync(output)).toBe(false);
    await writeFile(join(work, "lock"), String(process.ppid));
    expect((await run("exit 3", ...RANGE)).stderr).toContain(`process ${process.ppid} works in this folder`);
  });
});
