import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readTextFile } from "@depid/bitbake/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REPOSITORY, runDepid } from "../testing/run-depid.ts";

const HASH = "13a7ecbb62034010ea5fca9d8eaf75246610b4966473a743b9e30ea43e645629";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-import-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, content: string): Promise<string> {
  await mkdir(join(folder, dirname(path)), { recursive: true });
  await writeFile(join(folder, path), content);
  return join(folder, path);
}

const depidImport = (...args: string[]) => runDepid("import", ...args);

const LOG = `Initialising tasks...Sstate summary: Wanted 5 Local 1 Mirrors 2 Missed 2 Current 9 (60% match, 64% complete)
NOTE: Tasks Summary: Attempted 43 tasks of which 29 didn't need to be rerun and all succeeded.
`;

describe("depid import, to tables", () => {
  it("prints a summary with what is unknown and assumed", async () => {
    const { status, stdout, stderr } = await depidImport("log", await put("build.log", LOG));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(
      `summaries: 1 rows
builds: 1
wanted: 5
found: 3
attempted: 43
skipped: 29
failed: 0
executed: unknown
restored: unknown
noexec: unknown
rehashes: 0
build 1, line 1: wanted 5, found 3; attempted 43, skipped 29, failed 0; by name unknown executed, unknown restored, unknown noexec; 0 depids changed
unknown: build 1: which tasks ran: BitBake counted 14, and the log has lines of 0
unknown: whether depids changed in mid-build: BitBake says so with --verbose or in BB_CONSOLELOG only
assumed: a build begins with its configuration or its sstate summary, or, if it has neither, with its first task
`,
    );
  });

  it("writes the rows with --output, and prints one JSON document with --json", async () => {
    const object = `13/a7/sstate:minilib:x86-64-v3-oe-linux:1.2:r0:x86-64-v3:14:${HASH}_populate_sysroot.tar.zst`;
    await put(`sstate/${object}`, "12345");
    await put("sstate/README", "");
    const output = join(folder, "objects.jsonl.gz");
    const { status, stdout } = await depidImport("sstate", join(folder, "sstate"), "-o", output, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      import: "sstate",
      output,
      source: join(folder, "sstate"),
      rows: 1,
      archives: 1,
      links: 0,
      withoutSiginfo: 1,
      siginfoAlone: 0,
      recipes: 1,
      bytes: 5,
      leftOut: [{ reason: "not named as an sstate object", count: 1, examples: ["README"] }],
    });
    const [header, ...rows] = (await readTextFile(output)).map((line) => JSON.parse(line));
    expect(header).toMatchObject({ format: "depid-table/1", table: "objects" });
    expect(rows).toMatchObject([{ path: object, depid: HASH, size: 5, siginfo: null }, { end: { rows: 1 } }]);
  });

  it("holds task-depends.dot against pn-buildlist", async () => {
    const label = '"lib.do_a" [label="lib do_a\\n:1-r0\\n/mini/lib.bb"]';
    const dot = await put("task-depends.dot", `digraph depends {\n${label}\n"lib.do_a" -> "tool.do_b"\n}\n`);
    const list = await put("pn-buildlist", "lib\nother\n");
    const { stdout } = await depidImport("dot", dot, "--pn-buildlist", list, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      tasks: 2,
      edges: 1,
      recipes: 2,
      tasksWithoutFile: 1,
      listedRecipes: 2,
      listedWithoutTask: 1,
      unlistedRecipes: 1,
    });
  });

  it("lists as many of the slowest tasks as are wanted, the slowest first", async () => {
    const path = join(REPOSITORY, "fixtures/buildstats/fresh");
    const { status, stdout } = await depidImport("buildstats", path, "--slowest", "3");
    expect(status).toBe(0);
    const listed = [...stdout.matchAll(/^slowest (\d+): (\S+), ([\d.]+) s/gm)].map(([, at, name, seconds]) => ({
      at: Number(at),
      name,
      seconds: Number(seconds),
    }));
    expect(listed.map((it) => it.at)).toEqual([1, 2, 3]);
    expect(listed.map((it) => it.seconds)).toEqual(listed.map((it) => it.seconds).toSorted((a, b) => b - a));
    const output = join(folder, "durations.jsonl");
    const json = await depidImport("buildstats", path, "--slowest", "1", "--json", "-o", output);
    const all = (await readTextFile(output)).flatMap((line) => JSON.parse(line).seconds ?? []);
    expect(JSON.parse(json.stdout).slowest).toMatchObject([{ seconds: Math.max(...all) }]);
    expect(listed[0]?.seconds).toBe(Math.max(...all));
  });

  it("reads the outputs of buildhistory, and names what came out otherwise for the same taskhash", async () => {
    const repository = join(folder, "buildhistory");
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", "-C", repository, ...args], {
        env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" },
      });
    await mkdir(repository);
    git("init", "-q");
    await put("buildhistory/task/tasksigs.txt", `app:do_package /mini/app_1.bb ${HASH}\n`);
    for (const text of ["one\n", "two\n"]) {
      await put("buildhistory/task/output/app.package", text);
      git("add", "-A");
      git("commit", "-q", "-m", "Build");
    }
    const { status, stdout } = await depidImport("buildhistory", repository, "--table", "outputs");
    expect([status, stdout]).toEqual([0, expect.stringContaining("\nchanged with same taskhash: 1\n")]);
    expect(stdout).toContain("not reproducible, another output for the same taskhash: app:do_package\n");
  });

  it("of bad input ends with status 2 and one line, and leaves no output behind", async () => {
    const file = await put("locked-sigs.inc", 'SIGGEN_LOCKEDSIGS_t-x = "a:do_b"\n');
    const before = await readdir(folder);
    const { status, stdout, stderr } = await depidImport("locked-sigs", file, "-o", join(folder, "locks.jsonl"));
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: "",
      stderr: `depid: ${file}:1: expected PN:TASK:HASH, found "a:do_b"\n`,
    });
    expect(await readdir(folder)).toEqual(before);
  });

  it("of what is not there ends with status 2 and one line", async () => {
    const { status, stdout, stderr } = await depidImport("hashserv", join(folder, "no"));
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(`depid: ${join(folder, "no")}: cannot be read: no such file or directory\n`);
  });
});

describe("an import that finds nothing of what it is for", () => {
  it.each([
    ["stamps", "a folder", "holds no stamps"],
    ["sstate", "a folder", "holds no sstate object and no siginfo"],
    ["locked-sigs", "a file", "holds no locked signatures"],
  ])("%s: says so, and ends with 1", async (what, kind, problem) => {
    const file = await put("locked-sigs.inc", "");
    await mkdir(join(folder, "nothing"));
    const { status, stderr } = await depidImport(what, kind === "a file" ? file : join(folder, "nothing"));
    expect([status, stderr]).toEqual([1, expect.stringContaining(problem)]);
  });
});
