import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadBuild } from "@depid/bitbake/fs";
import { byCodePoint } from "@depid/hash";
import { computeSignatures, createBasicHash, digestTaskHashes } from "@depid/siggen";
import { TaskGraph } from "@depid/task-graph";
import { readCapture, readHistory, writeCapture } from "@depid/task-graph/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../../..");
const BUILD = join(ROOT, "fixtures/sigdata/build");
const HISTORY = join(ROOT, "examples/oe-core/core-image-minimal.history.jsonl.gz");

/** By its path: the program runs in the folder. */
const TSX = pathToFileURL(join(ROOT, "node_modules/tsx/dist/loader.mjs")).href;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-import-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function depid(...args: string[]) {
  const command = ["--import", TSX, "--conditions=@depid/source", join(ROOT, "apps/simulator/src/main.ts"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("depid import sigdata", () => {
  it("makes a capture and says what it could not know and what was assumed", async () => {
    const dot = join(BUILD, "task-depends.dot");
    const { status, stdout } = depid("import", "sigdata", BUILD, "--dot", dot, "-o", "c.jsonl.gz");
    expect(status).toBe(0);
    expect(stdout).toContain(
      "c.jsonl.gz: 15 tasks\nbasehash and taskhash computed again from each file: 0 mismatches\n",
    );
    expect(stdout).toContain("unknown: stamp-extra-info, and which tasks are noexec\n");
    expect(stdout).toContain("assumed: noexec: none\n");
    expect((await readCapture(join(folder, "c.jsonl.gz"))).tasks).toHaveLength(15);
  });
  it("of recipes that pn-buildlist does not name leaves nothing, says so and ends with 1", async () => {
    await writeFile(join(folder, "pn-buildlist"), "other\n");
    const { status, stdout, stderr } = depid("import", "sigdata", BUILD, "--pn-buildlist", "pn-buildlist");
    expect(stdout).toContain("0 tasks, 15 tasks that are not of this build left out\n");
    expect(status).toBe(1);
    expect(stderr).toContain(`\n${BUILD}: none of the 15 tasks is of the build that is named\n`);
    const dot = join(BUILD, "task-depends.dot");
    expect(depid("import", "dot", dot, "--pn-buildlist", "pn-buildlist")).toMatchObject({
      status: 1,
      stderr: `pn-buildlist: names no recipe of ${dot}: they are of two builds\n`,
    });
  });
  it("only checks when there is nothing to write, and tells in JSON", async () => {
    const { status, stdout } = depid("import", "sigdata", BUILD, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ import: "sigdata", output: null, files: 15, tasks: 15, mismatches: [] });
    expect(await readdir(folder)).toEqual([]);
  });
  it("ends with 2 and one line for a file that is none, and leaves nothing behind", async () => {
    const name = `1.0.do_x.sigdata.${"0".repeat(64)}`;
    await writeFile(join(folder, name), "no zstd");
    const { status, stdout, stderr } = depid("import", "sigdata", ".", "-o", "c.jsonl.gz");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^depid: [^\n]+: expected a signature file \(JSON packed with zstd\), found other bytes\n$/);
    expect(await readdir(folder)).toEqual([name]);
  });
});

describe("depid import capture", () => {
  it("makes a history of two builds, whose digests and change are those that were recorded", async () => {
    const { steps } = await readHistory(HISTORY);
    const inputs = [`${HISTORY}@34`, `${HISTORY}@35`];
    const { status, stdout } = depid("import", "capture", ...inputs, "-o", "h.jsonl.gz", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ import: "capture", builds: 2, unchanged: 0, tasks: 4261 });
    const made = await readHistory(join(folder, "h.jsonl.gz"));
    expect(made.steps.map(({ id, expect: { taskhashes } }) => [id, taskhashes])).toEqual(
      [34, 35].map((at) => [steps[at]?.id, steps[at]?.expect.taskhashes]),
    );
    expect(made.steps[1]?.expect).toEqual(steps[35]?.expect);
    const rows = steps[35]?.change.upsert.toSorted((a, b) => byCodePoint(a.tid, b.tid));
    expect(made.steps[1]?.change.upsert).toEqual(rows);
  });
  it("of signature files has the taskhashes of the build", async () => {
    depid("import", "sigdata", BUILD, "-o", "c.jsonl");
    expect(depid("import", "capture", "c.jsonl", BUILD, "-o", "h.jsonl").status).toBe(0);
    const { steps } = await readHistory(join(folder, "h.jsonl"));
    expect(steps).toHaveLength(1);
    const graph = new TaskGraph(steps[0]?.change.upsert ?? []);
    const signatures = await computeSignatures(graph, createBasicHash());
    const { tasks } = await loadBuild(BUILD);
    const steady = tasks.filter(({ nostamp }) => !nostamp);
    expect(steady.map(({ tid }) => signatures.get(tid).taskhash)).toEqual(steady.map(({ taskhash }) => taskhash));
    expect(steps[0]?.expect.taskhashes).toBe(digestTaskHashes(graph, signatures));
  });
  it("refuses a capture that names tasks it does not have", async () => {
    const { header, tasks } = await loadBuild(BUILD);
    await writeCapture(join(folder, "c.jsonl"), { header, tasks: tasks.filter(({ tid }) => tid !== "lower:do_fetch") });
    const { status, stderr } = depid("import", "capture", "c.jsonl", "-o", "h.jsonl");
    expect(status).toBe(2);
    expect(stderr).toContain(
      'depid: c.jsonl: cannot be a step of a history: no task "lower:do_fetch" in this capture, though lower:do_compile depends on it\n',
    );
    expect(await readdir(folder)).toEqual(["c.jsonl"]);
  });
  it("of one history's text is the same every time", async () => {
    for (const output of ["a.jsonl", "b.jsonl"]) depid("import", "capture", BUILD, "-o", output);
    expect(await readFile(join(folder, "a.jsonl"))).toEqual(await readFile(join(folder, "b.jsonl")));
  });
});
