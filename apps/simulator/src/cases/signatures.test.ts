import { cp, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CASES, REPOSITORY, runDepid } from "../testing/run-depid.ts";

const SERVER = "10f703503212e33dbc80e8cd0a114bd1f7e23d5c357e3a8ace0b50a0fe0c5591";
const WORKER = "395c07ed42b837fb5f36ac5f27701b53e776958e74d005632618f7752227f181";
const KVER = "variable KVER has another text\n      -none\n      +5.10\n";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-cases-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a taskhash mismatch", () => {
  const stamps = join(CASES, "01-taskhash-mismatch/stamps");
  const file = (hash: string) => join(stamps, `core2-64-oe-linux/readf/1.0.do_compile.sigdata.${hash}`);
  const log = join(CASES, "01-taskhash-mismatch/console/console.log");

  it("its two files are compared by what they hold", async () => {
    const { status, stdout } = await runDepid("diff", file(SERVER), file(WORKER), "--json");
    const { causes, tasks } = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(causes).toMatchObject([
      { changes: [{ kind: "variable", name: "KVER", before: { value: "none" }, after: { value: "5.10" } }] },
    ]);
    expect(tasks[0].basehash.map((it: string) => it.slice(0, 5))).toEqual(["6fad9", "4351f"]);
    expect(tasks[0].taskhash).toEqual([SERVER, WORKER]);
  });

  it.each(["readf:do_compile", SERVER.slice(0, 8), WORKER.slice(0, 8)])(
    "explain %s takes the server's as the signature, and tells what the worker parsed",
    async (task) => {
      const { status, stdout } = await runDepid("explain", stamps, task);
      expect([status, stdout]).toEqual([0, expect.stringContaining(`taskhash  ${SERVER}\n`)]);
      expect(stdout).toContain("cause: a worker parsed other metadata than the server (Taskhash mismatch)\n");
      expect(stdout).toContain(KVER);
      expect(stdout).toContain(`written by the worker: ${file(WORKER)}\n`);
      expect(stdout).toContain(`its taskhash field is the server's ${SERVER}; what it holds gives ${WORKER}\n`);
    },
  );

  it("explain --console goes from the log to both files and their difference", async () => {
    const { status, stdout } = await runDepid("explain", "--console", log, stamps);
    expect([status, stdout]).toEqual([1, expect.stringContaining(KVER)]);
    expect(stdout).toContain(`server's file: ${file(SERVER)}\n  worker's file: ${file(WORKER)}\n`);
    expect(stdout).toContain("basehash  server 6fad911e9cd7");
  });

  it("of which the server's file is not there is told as unknown", async () => {
    const copy = join(folder, "stamps");
    await cp(stamps, copy, { recursive: true });
    await rm(join(copy, `core2-64-oe-linux/readf/1.0.do_compile.sigdata.${SERVER}`));
    const { status, stdout } = await runDepid("explain", "--console", log, copy, "--json");
    expect([status, JSON.parse(stdout)]).toMatchObject([1, { tasks: [{ serverFile: null, changes: [] }] }]);
    const alone = await runDepid("explain", copy, "readf:do_compile");
    expect(alone.stdout).toContain("unknown which: no file of the server's metadata is there to compare with");
  });

  it("a log without one says so, and a file that is no log is refused", async () => {
    const fine = join(folder, "fine.log");
    await writeFile(fine, "NOTE: Executing Tasks\nNOTE: Tasks Summary: Attempted 1 tasks\n");
    expect(await runDepid("explain", "--console", fine, stamps)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("no taskhash mismatch"),
    });
    const { status, stderr } = await runDepid("explain", "--console", join(REPOSITORY, "package.json"), stamps);
    expect([status, stderr]).toEqual([2, expect.stringContaining("expected a console log of BitBake")]);
  });
});

describe("two multiconfigs", () => {
  const [a, b] = ["a", "b"].map((it) => join(CASES, "08-multiconfig-diff", it)) as [string, string];

  it.each([
    ["of two folders are compared across their names", [a, b]],
    ["of one build are compared", [join(a, ".."), join(a, ".."), "--multiconfig", "a=b"]],
  ])("%s", async (_what, args) => {
    const { status, stdout } = await runDepid("diff", ...args, "--json");
    const { counts, tasks, multiconfig } = JSON.parse(stdout);
    expect([status, multiconfig]).toEqual([1, { before: "a", after: "b" }]);
    expect(counts).toMatchObject({ common: { tasks: 2 }, changed: { tasks: 1 }, added: 0, removed: 0 });
    expect(tasks.map((it: { name: string }) => it.name)).toEqual(["minilib:do_compile"]);
  });

  it("explain compares with the other's, and a multiconfig that is not there is wrong usage", async () => {
    const explained = await runDepid("explain", b, "mc:b:minilib:do_compile", "--against", a);
    expect(explained).toMatchObject({ status: 1, stdout: expect.stringContaining("TUNE_CCARGS has another text") });
    const { status, stderr } = await runDepid("diff", a, b, "--multiconfig", "a=c");
    expect([status, stderr.split("\n").at(-2)]).toEqual([
      2,
      "depid: multiconfig c: the second build has no task of it; it has b",
    ]);
  });

  it("a pattern that matches no task of either build is wrong usage", async () => {
    const { status, stdout, stderr } = await runDepid("diff", a, b, "--task", "nosuch:*");
    expect([status, stdout, stderr]).toEqual([2, "", expect.stringContaining("the pattern matches no task")]);
  });
});

describe("an edit that was taken back", () => {
  const once = join(CASES, "19-reverted-edit/stamps-built-once");
  let reverted: string;
  beforeEach(async () => {
    reverted = join(folder, "stamps");
    await cp(join(CASES, "19-reverted-edit/stamps-after-revert"), reverted, { recursive: true });
  });

  /** As the builds left them: first build, edit, then what was restored. */
  async function setTimes() {
    const before = new Set((await readdir(once, { recursive: true })).map(String));
    for (const name of await readdir(reverted, { recursive: true })) {
      const hours = name.includes("_setscene.") ? 3 : before.has(name) ? 1 : 2;
      await utimes(join(reverted, name), hours * 3600, hours * 3600);
    }
  }

  it.each([
    ["with the times of the builds", setTimes],
    ["with the times of a checkout", async () => {}],
  ])("is no change, %s", async (_what, prepare) => {
    await prepare();
    const { status, stdout } = await runDepid("diff", once, reverted);
    expect([status, stdout]).toEqual([0, expect.stringContaining("0 of 42 tasks changed")]);
    expect(stdout).toContain("of the signature files of 14 tasks that have several");
    const capture = join(CASES, "19-reverted-edit/capture-after-revert.jsonl.gz");
    const { counts } = JSON.parse((await runDepid("diff", reverted, capture, "--json")).stdout);
    expect(counts).toMatchObject({ common: { tasks: 42 }, changed: { tasks: 0 }, removed: 0 });
  });

  it("a task is explained by the hash that the build has", async () => {
    await setTimes();
    const { stdout } = await runDepid("explain", reverted, "miniimage:do_deploy");
    expect(stdout).toContain("taskhash  83b46ee9b595");
  });

  it("a restored task of which no file has the hash is told as unknown, not taken from another build", async () => {
    await setTimes();
    await rm(
      join(
        reverted,
        "x86-64-v3-oe-linux/miniimage",
        "1.0.do_deploy.sigdata.83b46ee9b595f59aad36cd0e546b539e8c143885a35c0fbf0ad479b0ba35874e",
      ),
    );
    const { status, stdout } = await runDepid("diff", once, reverted);
    expect([status, stdout]).toEqual([1, expect.stringContaining("miniimage:do_deploy")]);
    expect(stdout).toContain("unknown: signatures of 1 task of which stamps tell a hash that no file has");
    const { status: explained, stderr } = await runDepid("explain", reverted, "miniimage:do_deploy");
    expect([explained, stderr]).toEqual([2, expect.stringContaining("no signature file has it")]);
  });
});
