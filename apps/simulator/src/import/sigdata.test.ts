import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadBuild } from "@depid/bitbake/fs";
import { byCodePoint } from "@depid/hash";
import { computeSignatures, createBasicHash, digestTaskHashes } from "@depid/siggen";
import { TaskGraph } from "@depid/task-graph";
import { readCapture, readHistory, writeCapture } from "@depid/task-graph/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REPOSITORY, runDepidIn } from "../testing/run-depid.ts";

const BUILD = join(REPOSITORY, "fixtures/sigdata/build");
const HISTORY = join(REPOSITORY, "examples/oe-core/core-image-minimal.history.jsonl.gz");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-import-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const depid = (...args: string[]) => runDepidIn({ cwd: folder }, ...args);

describe("depid import sigdata", () => {
  it("makes a capture and says what it could not know and what was assumed", async () => {
    const dot = join(BUILD, "task-depends.dot");
    const { status, stdout } = await depid("import", "sigdata", BUILD, "--dot", dot, "-o", "c.jsonl.gz");
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
    const { status, stdout, stderr } = await depid("import", "sigdata", BUILD, "--pn-buildlist", "pn-buildlist");
    expect(stdout).toContain("0 tasks, 15 tasks that are not of this build left out\n");
    expect(status).toBe(1);
    expect(stderr).toContain(`${BUILD}: none of the 15 tasks is of the build that is named\n`);
    const dot = join(BUILD, "task-depends.dot");
    expect(await depid("import", "dot", dot, "--pn-buildlist", "pn-buildlist")).toMatchObject({
      status: 1,
      stderr: `pn-buildlist: names no recipe of ${dot}: they are of two builds\n`,
    });
  });
  it("only checks when there is nothing to write, and tells in JSON", async () => {
    const { status, stdout } = await depid("import", "sigdata", BUILD, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ import: "sigdata", output: null, files: 15, tasks: 15, mismatches: [] });
    expect(await readdir(folder)).toEqual([]);
  });
  it("ends with 2 and one line for a file that is none, and leaves nothing behind", async () => {
    const name = `1.0.do_x.sigdata.${"0".repeat(64)}`;
    await writeFile(join(folder, name), "no zstd");
    const { status, stdout, stderr } = await depid("import", "sigdata", ".", "-o", "c.jsonl.gz");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^depid: [^\n]+: expected a signature file \(JSON packed with zstd\), found other bytes\n$/);
    expect(await readdir(folder)).toEqual([name]);
  });
});

describe("depid import capture", () => {
  it("makes a history of two builds, whose digests and change are those that were recorded", async () => {
    const { steps } = await readHistory(HISTORY);
    const inputs = [`${HISTORY}@34`, `${HISTORY}@35`];
    const { status, stdout } = await depid("import", "capture", ...inputs, "-o", "h.jsonl.gz", "--json");
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
    await depid("import", "sigdata", BUILD, "-o", "c.jsonl");
    expect((await depid("import", "capture", "c.jsonl", BUILD, "-o", "h.jsonl")).status).toBe(0);
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
    const { status, stderr } = await depid("import", "capture", "c.jsonl", "-o", "h.jsonl");
    expect(status).toBe(2);
    expect(stderr).toContain(
      'depid: c.jsonl: cannot be a step of a history: no task "lower:do_fetch" in this capture, though lower:do_compile depends on it\n',
    );
    expect(await readdir(folder)).toEqual(["c.jsonl"]);
  });
  it("of one history's text is the same every time", async () => {
    for (const output of ["a.jsonl", "b.jsonl"]) await depid("import", "capture", BUILD, "-o", output);
    expect(await readFile(join(folder, "a.jsonl"))).toEqual(await readFile(join(folder, "b.jsonl")));
  });
});
