import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sketchCapture } from "@depid/compare/testing";
import { writeCapture } from "@depid/task-graph/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REPOSITORY, runDepid } from "./testing/run-depid.ts";

const HISTORY = join(REPOSITORY, "examples/oe-core/core-image-minimal.history.jsonl.gz");

let folder: string;
let a: string;
let b: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-compare-"));
  a = join(folder, "a.capture.jsonl.gz");
  b = join(folder, "b.capture.jsonl");
  const build = (text: string) =>
    sketchCapture({
      "lib:do_compile": { variables: { do_compile: text }, setscene: true },
      "app:do_compile": { deps: ["lib:do_compile"] },
      "doc:do_compile": {},
    });
  await writeCapture(a, build("\tmake $D\n"));
  await writeCapture(b, build("\t# all of it\n\tmake $D\n"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("depid diff", () => {
  it("prints root causes on stdout and what it reads on stderr; exit status 1, as something differs", async () => {
    const { status, stdout, stderr } = await runDepid("diff", a, b);
    expect([status, stderr]).toEqual([1, `reading ${JSON.stringify(a)}\nreading ${JSON.stringify(b)}\n`]);
    expect(stdout).toContain("2 of 3 tasks changed, among them 1 of 1 sstate tasks; 0 new, 0 gone\n");
    expect(stdout).toContain("1. recipe lib: comment or white space, likely neutral\n   changes 2 tasks (1 sstate)");
    expect(stdout).toContain("       +\t# all of it\n");
  });

  it("exit status 0 when nothing differs", async () => {
    const { status, stdout } = await runDepid("diff", a, a, "--json");
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { format: "depid-diff/1", causes: [], tasks: [] }]);
  });

  it("selects tasks by pattern, makes Markdown, limits causes", async () => {
    const app = await runDepid("diff", a, b, "--task", "app:*", "--markdown", "--limit", "0");
    expect(app.stdout).toMatch(
      /^### This change invalidates 1 of 1 task .*\n\n.*Of the tasks `app:\*` only\..*\n\n1 more cause not shown\.\n$/s,
    );
    expect((await runDepid("diff", a, b, "--task", "doc:*")).status).toBe(0);
  });

  it("compares steps of a history", async () => {
    const { status, stdout } = await runDepid("diff", `${HISTORY}@39`, `${HISTORY}@41`, "--json");
    const { counts, causes } = JSON.parse(stdout);
    expect([status, counts.common.tasks, counts.changed.tasks]).toEqual([1, 4261, 1456]);
    expect(causes.map((it: { recipe: string }) => it.recipe)).toEqual(["bzip2", "glib-2.0"]);
  });

  it("tells hours when it is told how long tasks take", async () => {
    const table = join(folder, "t.csv");
    await writeFile(table, "recipe,task,elapsed,cpu\nlib,do_compile,3600,60\napp,do_compile,1800,60\n");
    const { stdout } = await runDepid("diff", a, b, "--durations", table, "--workers", "8");
    expect(stdout).toContain("about 90 min serial, 90 min with 8 workers\n");
    expect(stdout).toContain("2 measured, 0 by variant, 0 by task name, 0 unknown.\n");
    const cpu = await runDepid("diff", a, b, "--durations", table, "--duration-measure", "cpu", "--json");
    expect(JSON.parse(cpu.stdout).work).toMatchObject({ measure: "cpu", workers: 4, changed: { serial: 120 } });
  });

  it("tells no hours where only restoring was measured", async () => {
    const table = join(folder, "t.csv");
    await writeFile(table, "recipe,task,elapsed\nlib,do_compile_setscene,1\n");
    const { status, stderr } = await runDepid("diff", a, b, "--durations", table);
    expect([status, stderr.split("\n").at(-2)]).toEqual([
      2,
      `depid: ${table}: expected tasks that were executed, found restored ones only`,
    ]);
  });

  it.each([
    ["durations that are not there", ["A", "B", "--durations", "no"], /^depid: no: cannot be read: no such file/],
    ["an unknown figure", ["A", "B", "--duration-measure", "x"], /Allowed choices are elapsed, cpu/],
    [
      "a file that is not there",
      ["nowhere", "nowhere"],
      /^depid: nowhere: no such file or directory, and no such scenario: expected a path, or one of cdepends, .*twins$/,
    ],
    ["--json and --markdown", ["A", "B", "--json", "--markdown"], /cannot be used with/],
    ["a limit that is none", ["A", "B", "--limit", "x"], /expected a whole number from 0/],
    ["one build", ["A"], /missing required argument/],
  ])("exit status 2 and one line for %s", async (_what, args, message) => {
    const { status, stdout, stderr } = await runDepid("diff", ...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr.split("\n").filter((line) => line !== "" && !line.startsWith("reading"))).toEqual([
      expect.stringMatching(message),
    ]);
  });

  it("exit status 2 for a capture that is broken", async () => {
    await writeFile(b, '{"format":"depid-capture/1","unknown":[],"assumed":[]}\n{"task":1}\n');
    const { status, stderr } = await runDepid("diff", a, b);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`${b}:2: task: `)]);
  });
});

describe("depid explain", () => {
  it("tells how a taskhash came about", async () => {
    const { status, stdout } = await runDepid("explain", a, "lib", "compile");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^lib:do_compile in .*\ntaskhash {2}[0-9a-f]{64}\n.*of 1 variable and functions\).*\nrecomputed: equal\n$/s,
    );
  });

  it("tells why it is another one in another build; exit status 1", async () => {
    const { status, stdout } = await runDepid("explain", a, "app:do_compile", "--against", b, "--all-paths", "5");
    expect(status).toBe(1);
    expect(stdout).toContain("all ways:\n  lib:do_compile* -> app:do_compile\n");
    expect(stdout).toContain("equal outputs of all of lib:do_compile");
    expect((await runDepid("explain", a, "doc:do_compile", "--against", b)).status).toBe(0);
  });

  it("makes JSON", async () => {
    const { stdout } = await runDepid("explain", a, "app:do_compile", "--against", b, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ format: "depid-explain/1", against: { result: "changed", ways: "1" } });
  });

  it("proposes names for a task that is not there; exit status 2", async () => {
    const { status, stderr } = await runDepid("explain", a, "lob:do_compile");
    expect([status, stderr.split("\n").at(-2)]).toEqual([
      2,
      "depid: lob:do_compile: no such task; closest: lib:do_compile, doc:do_compile, app:do_compile",
    ]);
  });
});
