import { mkdir, mkdtemp, readdir, rm, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runDepidIn } from "./testing/run-depid.ts";
import { BUILT, type Built, TestBuild } from "./testing/test-build.ts";

let folder: string;
let temporary: string;
let build: TestBuild;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-doctor-"));
  temporary = join(folder, "tmp");
  await mkdir(temporary);
  build = new TestBuild(join(folder, "build"));
  await mkdir(build.folder);
  await build.make();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function doctor(...args: string[]) {
  const run = await runDepidIn({ env: { TMPDIR: temporary, SQLITE_TMPDIR: temporary } }, "doctor", ...args);
  return { ...run, errors: run.stderr.split("\n").filter((line) => /^depid(?: doctor)?: /.test(line)) };
}

const pathOf = (at: number) => join(build.sstate, build.pathOf(BUILT[at] as Built));

describe("depid doctor", () => {
  it("ends with 0 when nothing is wrong; progress is on stderr; nothing is left behind", async () => {
    const { status, stdout, stderr } = await doctor(build.folder);
    expect(stdout).toMatch(/\nnothing is wrong\n$/);
    expect(status).toBe(0);
    expect(stderr).toContain("looking at sstate files");
    expect(await readdir(temporary)).toEqual([]);
  });
  it("ends with 0 when there are notes alone", async () => {
    await unlink(`${pathOf(0)}.siginfo`);
    const { status, stdout } = await doctor(build.folder);
    expect(stdout).toContain("NOTE object-without-siginfo: 1 object without siginfo\n");
    expect(stdout).toMatch(/\n0 errors, 0 warnings, 1 note\n$/);
    expect(status).toBe(0);
  });
  it("ends with 1 when something is wrong; each finding has its why and the way out", async () => {
    await unlink(pathOf(0));
    const { status, stdout } = await doctor(build.folder, "--hashserv", build.database);
    expect(stdout).toMatch(
      /WARNING entry-without-object: 1 depid of the server.*\n {4}recipe a, .*\n {2}why: .*\n {2}way out: /,
    );
    expect(status).toBe(1);
  });
  it("shows examples, and all with --all", async () => {
    for (const at of [0, 2, 3, 4]) await unlink(`${pathOf(at)}.siginfo`);
    const few = await doctor(build.folder, "--examples", "1");
    expect(few.stdout.match(/^ {4}recipe/gm)).toHaveLength(1);
    expect(few.stdout).toContain("--all");
    const all = await doctor(build.folder, "--all");
    expect(all.stdout.match(/^ {4}recipe/gm)).toHaveLength(4);
  });
  it("--json prints one document (docs/formats.md)", async () => {
    await unlink(`${pathOf(0)}.siginfo`);
    const { status, stdout } = await doctor(build.folder, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      format: "depid-doctor/1",
      subject: { build: build.folder, sstate: build.sstate, hashserv: build.database },
      counts: { objects: 4, equivalences: 5 },
      unknown: [],
      findings: [{ id: "object-without-siginfo", severity: "note", count: 1, examples: [{ recipe: "a" }] }],
    });
    expect(status).toBe(0);
  });
  it.each([
    ["a directory that is not there", ["/nowhere"], "depid: /nowhere: expected a build directory"],
    ["no directory", [], "depid doctor: missing required argument 'directory'"],
    ["a database that is not there", ["BUILD", "--hashserv", "/nowhere/x.db"], "depid: /nowhere/x.db: cannot be read"],
    [
      "a setting without a value",
      ["BUILD", "--set", "X"],
      "depid doctor: option '--set <NAME=VALUE>' argument 'X' is invalid.",
    ],
    ["a number that is none", ["BUILD", "--siginfo", "some"], "depid doctor: option '--siginfo <n|all>' argument"],
  ])("ends with 2 and one line for %s", async (_what, args, message) => {
    const { status, stdout, errors } = await doctor(...args.map((arg) => (arg === "BUILD" ? build.folder : arg)));
    expect(stdout).toBe("");
    expect(errors).toEqual([expect.stringContaining(message)]);
    expect(status).toBe(2);
  });
});
