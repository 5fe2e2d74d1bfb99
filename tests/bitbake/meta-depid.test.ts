import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { matchRecord } from "@depid/bitbake";
import { loadBuildRecords } from "@depid/bitbake/fs";
import { depIdOf, parseDepId, parseTaskHash, sha256Hex, taskName } from "@depid/hash";
import { startServer } from "@depid/hashserv";
import { openClient } from "@depid/hashserv-client";
import { taskHashInput, taskHashOf } from "@depid/siggen";
import { assumedSettings, assumeHardDependencies, type Capture } from "@depid/task-graph";
import { readCapture, readHistory } from "@depid/task-graph/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { timeLimit } from "../time-limit.ts";
import { writeMiniBuild, writeMiniLayer } from "./meta-mini/mini-layer.ts";

const ROOT = join(import.meta.dirname, "../..");
const BITBAKE = process.env.BITBAKE_DIR;
const OE_CORE = process.env.OE_CORE_DIR;
const PATH = `${BITBAKE}/bin:${process.env.PATH}`;
const MINUTES = timeLimit(60);

for (const [name, what] of [
  ["BITBAKE_DIR", "tests inside BitBake"],
  ["OE_CORE_DIR", "the test with OE-Core's handler"],
] as const) {
  if (process.env[name] === undefined) process.stdout.write(`skipped: ${what}, as ${name} names no checkout\n`);
}

let folder: string;
let layer: string;
let build: string;
beforeEach(async (context) => {
  context.skip(BITBAKE === undefined, "BITBAKE_DIR names no checkout of BitBake");
  folder = await mkdtemp(join(tmpdir(), "meta-depid-bitbake-"));
  layer = join(folder, "mini");
  build = join(folder, "build");
  await writeMiniLayer(layer);
  await cp(join(ROOT, "layers/meta-depid"), join(folder, "meta-depid"), { recursive: true });
});
afterEach(async () => {
  if (BITBAKE === undefined) return;
  if (existsSync(build)) bitbake("--kill-server");
  await rm(folder, { recursive: true, force: true });
});

/** A build with our layer, and with these settings. */
async function configure(...settings: string[]): Promise<void> {
  await writeMiniBuild(
    build,
    [layer, join(folder, "meta-depid")],
    ['DEPID_CAPTURE = "out/capture.jsonl.gz"', ...settings],
  );
}

function bitbake(...args: string[]): SpawnSyncReturns<string> {
  const env = { ...process.env, PATH, BB_SERVER_TIMEOUT: "0" };
  return spawnSync("bitbake", args, { cwd: build, encoding: "utf8", env });
}

async function captureBy(...args: string[]): Promise<Capture> {
  const { status, stdout, stderr } = bitbake(...args);
  expect(status, stdout + stderr).toBe(0);
  return await readCapture(join(build, "out/capture.jsonl.gz"));
}

function getTask(capture: Capture, name: string) {
  const task = capture.tasks.find((it) => taskName(it) === name);
  if (task === undefined) throw new Error(`no task ${name} in ${capture.tasks.map(taskName).join(" ")}`);
  return task;
}

/** Every hash follows from what the capture says it was computed from. */
function expectReproduced({ tasks }: Capture): void {
  for (const task of tasks) {
    expect(taskHashOf(taskHashInput(task, task.hashedDepids)), task.tid).toBe(task.taskhash);
    const own = task.variables?.find(({ name }) => name === task.task);
    const others = task.variables?.filter((it) => it !== own) ?? [];
    const text = (own?.value ?? "") + others.map(({ name, value }) => name + (value ?? "")).join("");
    expect(sha256Hex(text), task.tid).toBe(task.basehash);
  }
}

const WITH_VARIABLES = 'DEPID_CAPTURE_VARIABLES = "1"';

describe("meta-depid inside BitBake", { timeout: 2 * MINUTES }, () => {
  it("captures every task of all configurations with what its hashes are computed from", async () => {
    await configure(WITH_VARIABLES);
    const capture = await captureBy("-S", "none", "top", "mc:arm:top");
    expect(capture.header).toMatchObject({
      origin: { machine: "mini", handler: "basichash", target: "mc:arm:top top" },
      unknown: [],
      assumed: [],
      settings: { excludedSysroots: [], outhashExtra: "none" },
    });
    expect(capture.tasks.map(taskName)).toEqual([
      "mc:arm:low:do_compile",
      "mc:arm:top:do_always",
      "mc:arm:top:do_build",
      "mc:arm:top:do_compile",
      "low:do_compile",
      "top:do_always",
      "top:do_build",
      "top:do_compile",
    ]);
    expectReproduced(capture);
    const stamp = {
      version: ":1.0-r0",
      stamp: "all/top/1.0",
      hashfn: expect.stringMatching(/^False sstate:top:all:1\.0:/),
    };
    expect(getTask(capture, "mc:arm:top:do_compile")).toMatchObject({
      tid: "mc:arm:mini/recipes/top.bb:do_compile",
      hashdeps: ["mc:arm:mini/recipes/low.bb:do_compile", "mc:arm:mini/recipes/top.bb:do_always"],
      execdeps: ["mc:arm:mini/recipes/low.bb:do_compile", "mc:arm:mini/recipes/top.bb:do_always"],
      harddeps: ["mc:arm:mini/recipes/low.bb:do_compile"],
      setscene: true,
      nostamp: false,
      noexec: false,
      stampExtra: "arm",
      ...stamp,
    });
    expect(getTask(capture, "low:do_compile")).toMatchObject({
      files: [["used.patch", "caef0f54a26c77383b13e41fa1f0f3ad"]],
      stampExtra: "mini",
      stamp: "all/low/1.0",
      taint: undefined,
      harddeps: [],
    });
    expect(getTask(capture, "top:do_always")).toMatchObject({
      taint: expect.stringMatching(/^nostamp:/),
      setscene: false,
      nostamp: true,
      noexec: true,
    });
    expect(getTask(capture, "top:do_build")).toMatchObject({ nostamp: false, noexec: true });
    expect(await readdir(join(build, "out"))).toEqual(["capture.jsonl.gz"]);
  });

  it("captures dry runs, graphs and builds too; variables are known to -S only, and that is said", async () => {
    await configure(WITH_VARIABLES);
    for (const args of [["-n", "low"], ["-g", "low"], ["low"]]) {
      const { header, tasks } = await captureBy(...args);
      expect(tasks.map(taskName)).toEqual(["low:do_build", "low:do_compile"]);
      expect(header.unknown).toEqual(["variables: BitBake keeps them for -S only"]);
      await rm(join(build, "out"), { recursive: true });
    }
  });

  it("has the settings of the base configuration, with the pairs in the order of the variable, in builds and graphs too", async () => {
    await configure(
      'SSTATE_EXCLUDEDEPS_SYSROOT = ".*->b"',
      'SSTATE_EXCLUDEDEPS_SYSROOT += " a->(c|d)  .*->b"',
      'SSTATECREATEFUNCS += "target_add_sysroot_deps"',
    );
    await appendFile(join(build, "conf/multiconfig/arm.conf"), 'SSTATE_EXCLUDEDEPS_SYSROOT = "x->y"\n');
    const settings = { excludedSysroots: [".*->b", "a->(c|d)", ".*->b"], outhashExtra: "oe-core" };
    for (const args of [["-S", "none", "mc:arm:top"], ["-g", "top", "mc:arm:top"], ["top"]]) {
      const capture = await captureBy(...args);
      expect(capture.header.settings).toEqual(settings);
      const hard = capture.tasks.filter(({ harddeps }) => harddeps.length > 0).map(taskName);
      expect(hard).toEqual(
        args
          .filter((arg) => arg.endsWith("top"))
          .map((it) => `${it}:do_compile`)
          .sort(),
      );
    }
  });

  it("finds hard dependencies as BitBake does: by what a recipe provides, and it says which are no tasks of the build", async () => {
    const more = 'PROVIDES += "virtual/low"\npython do_unneeded() {\n    pass\n}\naddtask do_unneeded\n';
    await appendFile(join(layer, "recipes/low.bb"), more);
    const depends = "virtual/low:do_compile low:do_compile_setscene low:do_unneeded";
    await appendFile(join(layer, "recipes/top.bb"), `do_compile_setscene[depends] = "${depends}"\n`);
    await configure();
    const { status, stdout, stderr } = bitbake("-S", "none", "top");
    expect(stdout + stderr).toContain("low.bb:do_unneeded");
    expect(status).toBe(1);
    const capture = await readCapture(join(build, "out/capture.jsonl.gz"));
    expect(getTask(capture, "top:do_compile").harddeps).toEqual(["mini/recipes/low.bb:do_compile"]);
    expect(capture.header.unknown).toEqual([
      "hard dependency on mini/recipes/low.bb:do_unneeded, which is no task of this build: BitBake refuses it",
    ]);
  });

  it("has the depids that the server gave, and that entered the hashes above", async () => {
    const server = await startServer({ bind: `unix://${join(folder, "s")}`, database: join(folder, "hashserv.db") });
    try {
      await configure('BB_SIGNATURE_HANDLER = "TestEquivHash"', `BB_HASHSERVE = "${server.address}"`);
      const before = await captureAsync("-n", "top");
      const low = getTask(before, "low:do_compile");
      expect(low.depid).toBe(depIdOf(low.taskhash));
      const depid = parseDepId("a".repeat(64));
      const client = await openClient(server.address);
      const { taskhash } = low;
      await client.reportEquiv({ method: "sstate_output_hash", taskhash: parseTaskHash(taskhash), depid });
      await client.close();
      await rm(join(build, "cache"), { recursive: true }); // BitBake's memory of the first answer
      const after = await captureAsync("-n", "top");
      expect(getTask(after, "low:do_compile")).toMatchObject({ taskhash, depid });
      const top = getTask(after, "top:do_compile");
      expect(top.hashedDepids[0]).toBe(depid);
      expect(taskHashOf(taskHashInput(top, top.hashedDepids))).toBe(top.taskhash);
    } finally {
      bitbake("--kill-server");
      await server.close();
    }
  });

  /** As `captureBy`, while the server in this process answers. */
  async function captureAsync(...args: string[]): Promise<Capture> {
    const env = { ...process.env, PATH, BB_SERVER_TIMEOUT: "0" };
    const [status] = await once(spawn("bitbake", args, { cwd: build, env, stdio: "ignore" }), "close");
    expect(status).toBe(0);
    return await readCapture(join(build, "out/capture.jsonl.gz"));
  }

  it("makes no capture without DEPID_CAPTURE, and an error of one that cannot be written", async () => {
    await configure('DEPID_CAPTURE = ""');
    expect(bitbake("-n", "low").status).toBe(0);
    expect(existsSync(join(build, "out"))).toBe(false);
    await configure();
    await writeFile(join(build, "out"), "a file where a folder should be");
    const { status, stdout, stderr } = bitbake("-n", "low");
    expect(stdout + stderr).toContain(`ERROR: DEPID_CAPTURE: cannot write ${build}/out/capture.jsonl.gz: `);
    expect(status).toBe(1);
  });
});

describe("meta-depid's build log", { timeout: 3 * MINUTES }, () => {
  const sorted = (set: ReadonlySet<string> | undefined) => set && [...set].sort();
  const TIDS = {
    low: ["mc:arm:mini/recipes/low.bb:do_compile", "mini/recipes/low.bb:do_compile"],
    top: ["mc:arm:mini/recipes/top.bb:do_compile", "mini/recipes/top.bb:do_compile"],
    noexec: ["do_always", "do_build"].flatMap((task) => [
      `mc:arm:mini/recipes/top.bb:${task}`,
      `mini/recipes/top.bb:${task}`,
    ]),
  };
  const LOGS = [
    'DEPID_BUILD_LOG = "out/build.jsonl"',
    `BB_DEFAULT_EVENTLOG = "\${TOPDIR}/out/events.json"`,
    `BB_CONSOLELOG = "\${TOPDIR}/out/console.log"`,
  ];
  const readLast = async (file: string) => (await loadBuildRecords(join(build, "out", file))).at(-1);

  it("has what each build executed, restored, stamped and failed at, as event log and console have it", async () => {
    await configure(...LOGS);
    expect(bitbake("-n", "top", "mc:arm:top").status).toBe(0);
    expect(bitbake("-S", "none", "top", "mc:arm:top").status).toBe(0);
    expect(existsSync(join(build, "out/build.jsonl"))).toBe(false);

    expect(bitbake("top", "mc:arm:top").status).toBe(0);
    const first = await readLast("build.jsonl");
    expect(first).toMatchObject({ kind: "depid-build", finished: true, unknown: [], failed: new Set() });
    expect(sorted(first?.executed)).toEqual([...TIDS.low, ...TIDS.top].sort());
    expect(sorted(first?.noexec)).toEqual([...TIDS.noexec].sort());

    expect(bitbake("low").status).toBe(0);
    expect(await readLast("build.jsonl")).toMatchObject({ executed: new Set(), finished: true });

    await rm(join(build, "tmp"), { recursive: true });
    await rm(join(build, "tmp-arm"), { recursive: true });
    await configure(
      ...LOGS,
      'BB_HASHCHECK_FUNCTION = "all_valid"',
      'UNRESTORABLE = "low"',
      'RESTORE_NEEDS = ""',
      `COMMAND = "test \${PN} != low"`,
    );
    const failing = bitbake("-k", "top", "mc:arm:top");
    expect(failing.status).toBe(1);
    await writeFile(join(build, "out/stdout.log"), failing.stdout);
    const { tasks } = await readCapture(join(build, "out/capture.jsonl.gz"));
    for (const file of ["build.jsonl", "events.json", "console.log", "stdout.log"]) {
      const found = await readLast(file);
      if (found === undefined) throw new Error(`${file}: no build`);
      const { record, matches } = matchRecord(found, tasks);
      expect([matches.unmatched, matches.ambiguous], file).toEqual([[], []]);
      expect(sorted(record.restored), file).toEqual(TIDS.top);
      expect(sorted(record.restoreFailed), file).toEqual(TIDS.low);
      expect(sorted(record.executed), file).toEqual(TIDS.low);
      expect(sorted(record.failed), file).toEqual(TIDS.low);
      expect(record, file).toMatchObject({ finished: true, unknown: [] });
    }
  });

  it("that cannot be written is an error of the build, which goes on", async () => {
    await configure('DEPID_CAPTURE = ""', 'DEPID_BUILD_LOG = "out/build.jsonl"');
    await writeFile(join(build, "out"), "a file where a folder should be");
    const { status, stdout, stderr } = bitbake("low");
    expect(stdout + stderr).toContain(`ERROR: DEPID_BUILD_LOG: cannot write ${build}/out/build.jsonl: `);
    expect(stdout).toContain("Tasks Summary: Attempted 2 tasks of which 0 didn't need to be rerun and all succeeded.");
    expect(status).toBe(1);
  });

  it("of a build whose server is killed has no end, and says so", async () => {
    await configure(...LOGS, `COMMAND = "test \${PN} = low || kill -9 $(cat \${TOPDIR}/bitbake.lock)"`);
    bitbake("top");
    const record = await readLast("build.jsonl");
    expect(record).toMatchObject({ executed: new Set(["mini/recipes/low.bb:do_compile"]), finished: false });
  });
});

describe("meta-depid inside OE-Core", { timeout: 10 * MINUTES }, () => {
  it("captures what OEEquivHash hashed, its filter of dependencies applied", async (context) => {
    context.skip(OE_CORE === undefined, "OE_CORE_DIR names no checkout of OE-Core");
    layer = join(OE_CORE ?? "", "meta");
    await configure(
      WITH_VARIABLES,
      'BBMULTICONFIG = ""',
      'MACHINE = "qemux86-64"',
      'INHERIT:remove = "sanity"',
      'BB_NO_NETWORK = "1"',
      'CONNECTIVITY_CHECK_URIS = ""',
      'BB_SIGNATURE_HANDLER = "OEEquivHash"',
      'BB_HASHSERVE = "auto"',
    );
    const capture = await captureBy("-S", "none", "zlib");
    const { header, tasks } = capture;
    expect(header).toMatchObject({ origin: { handler: "OEEquivHash", target: "zlib" }, unknown: [], assumed: [] });
    expect(header.settings).toEqual(assumedSettings);
    const recorded = new Map(tasks.filter(({ harddeps }) => harddeps.length > 0).map((it) => [it.tid, it.harddeps]));
    expect(recorded.size).toBeGreaterThan(0);
    expect(assumeHardDependencies(tasks)).toEqual(recorded);
    expectReproduced(capture);
    expect(tasks.filter(({ tid }) => !/^(virtual:native:)?meta\/recipes-/.test(tid))).toEqual([]);
    expect(tasks.some(({ hashdeps, execdeps }) => hashdeps.length < execdeps.length)).toBe(true);
  });
});

describe("depid import git with BitBake", { timeout: 5 * MINUTES }, () => {
  it("makes a history of the commits that parse, and ends BitBake's server", async () => {
    const git = (...args: string[]) =>
      spawnSync("git", ["-C", layer, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
        encoding: "utf8",
      });
    const commit = async (title: string, text: string) => {
      await appendFile(join(layer, "recipes/low.bb"), text);
      git("add", "--all");
      git("commit", "--quiet", "--message", title);
    };
    git("init", "--quiet", "--initial-branch=main");
    await commit("begin", "");
    await commit("comment", "# nothing\n");
    await commit("broken", "this is no assignment\n");
    git("revert", "--no-edit", "HEAD");
    await commit("greeting", 'GREETING = "good day"\n');
    await appendFile(join(layer, "conf/layer.conf"), 'SSTATE_EXCLUDEDEPS_SYSROOT += "c->d"\n');
    await commit("pairs", "");
    await writeMiniBuild(build, [layer], ['SSTATE_EXCLUDEDEPS_SYSROOT:prepend = "a->b "']);
    const output = join(folder, "mini.history.jsonl.gz");
    const options = ["--range", "main~5..main", "--conf", build, "--target", "top", "mc:arm:top", "-o", output];
    const main = [
      "--conditions=@depid/source",
      "--import",
      "tsx",
      "apps/simulator/src/main.ts",
      "import",
      "git",
      layer,
    ];
    const runCommand = "bitbake -S none $DEPID_TARGET"; // without it root is refused, for the sake of OE-Core
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...main, ...options, "--bitbake", BITBAKE ?? "", "--run-cmd", runCommand, "--json"],
      { cwd: ROOT, encoding: "utf8" },
    );
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ states: 6, captured: 5, unchanged: 2, steps: 3, tasks: 8, unknown: [] });
    expect(JSON.parse(stdout).failed).toMatchObject([{ title: "broken", reason: expect.stringContaining("low.bb:") }]);
    const { header, steps } = await readHistory(output);
    expect(header).toMatchObject({ layer: "mini", target: "mc:arm:top top", handler: "basichash" });
    expect(steps[1]?.change.upsert.map(taskName)).toEqual(["mc:arm:low:do_compile", "low:do_compile"]);
    expect(steps.map(({ settings }) => settings?.excludedSysroots)).toEqual([["a->b"], undefined, ["a->b", "c->d"]]);
    expect(steps[2]?.change).toEqual({ upsert: [], remove: [] });
    expect(steps[0]?.change.upsert.filter(({ harddeps }) => harddeps.length > 0).map(taskName)).toEqual([
      "mc:arm:top:do_compile",
      "top:do_compile",
    ]);
    const server = spawnSync("pgrep", ["-f", `${output}.work`], { encoding: "utf8" });
    expect(server.stdout).toBe("");
  });
});
