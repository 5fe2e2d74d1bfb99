import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkLocks, formatLockCheck, isSound, type LockRow, parseLockedSigs } from "@depid/bitbake";
import { type CapturedSketch, sketchCapture } from "@depid/compare/testing";
import type { Capture } from "@depid/task-graph";
import { readCapture } from "@depid/task-graph/fs";
import { describe, expect, it } from "vitest";
import { CASES, runDepid } from "../testing/run-depid.ts";

const FOLDER = join(CASES, "17-locked-inputs");
const LOCKS = join(FOLDER, "locked-sigs.inc");
const readLocks = (machine?: string) => parseLockedSigs(readFileSync(LOCKS, "utf8").split("\n"), LOCKS, machine);
const readBuild = (name: string) => readCapture(join(FOLDER, `${name}.jsonl.gz`));

/** lib <- app <- image, and doc by itself. */
function build(lib: CapturedSketch = {}, app: CapturedSketch = {}): Capture {
  return sketchCapture({
    "lib:do_compile": { variables: { do_compile: "\tmake\n" }, ...lib },
    "app:do_compile": { deps: ["lib:do_compile"], setscene: true, ...app },
    "image:do_rootfs": { deps: ["app:do_compile"] },
    "doc:do_compile": {},
  });
}

function locksOf(capture: Capture, names: readonly string[], more: readonly string[] = []) {
  const words = capture.tasks
    .filter((it) => names.includes(`${it.pn}:${it.task}`))
    .map((it) => `${it.pn}:${it.task}:${it.depid}`);
  return parseLockedSigs(
    [`SIGGEN_LOCKEDSIGS_t-a = "${words.join(" ")}"`, 'SIGGEN_LOCKEDSIGS_TYPES = "t-a"', ...more],
    "locked-sigs.inc",
  );
}

const states = (locks: ReturnType<typeof locksOf>, capture: Capture) =>
  checkLocks(locks, capture).locks.map(({ name, state, holds }) => [name, state, holds]);

const EDITED: CapturedSketch = { variables: { do_compile: "\tmake all\n" } };

describe("depid check-locks, on a build with a lock that holds an edit back (case 17)", () => {
  it("all locks fit the build that they were taken from", async () => {
    const check = checkLocks(readLocks(), await readBuild("before"));
    expect([check.locks.length, new Set(check.locks.map((it) => it.state)), check.held]).toEqual([
      43,
      new Set(["fits"]),
      [],
    ]);
  });

  it("names the lock that does not fit, with the hashes of BitBake's warning, and what it holds back", async () => {
    const { status, stdout } = await runDepid("check-locks", LOCKS, join(FOLDER, "after.jsonl.gz"));
    expect(status).toBe(1);
    expect(stdout).toContain("43 locked signatures: 42 fit, 1 does not fit\n");
    expect(stdout).toContain(
      "minilib:do_compile  locked to 8d9c8128e369 (t-x86-64-v3), its inputs give 5380d26fd277\n    holds back 14 tasks",
    );
  });

  it.each([
    ["MACHINE of the file", ['MACHINE = "m"'], {}, ["fits"]],
    ["MACHINE of the file, another than that of its locks", ['MACHINE = "n"'], {}, ["without effect"]],
    ["--machine, whatever the file has", ['MACHINE = "n"'], { machine: "m" }, ["fits"]],
    ["nothing, where several have locks", ['SIGGEN_LOCKEDSIGS_TYPES:n = ""'], {}, ["unknown"]],
  ])("which locks are in force is told by %s", (_, more, { machine }: { machine?: string }, expected) => {
    const capture = build();
    const { depid } = capture.tasks.find((it) => it.pn === "doc") as Capture["tasks"][number];
    const lines = [`SIGGEN_LOCKEDSIGS_t-a = "doc:do_compile:${depid}"`, 'SIGGEN_LOCKEDSIGS_TYPES:m = "t-a"', ...more];
    const sigs = parseLockedSigs(lines, "t", machine);
    const check = checkLocks(sigs, capture);
    expect(check.locks.map((it) => it.state)).toEqual(expected);
    expect(isSound({ locks: "l", build: "b", sigs, check })).toBe(expected[0] === "fits");
  });

  it("of another machine no lock is in force", async () => {
    const check = checkLocks(readLocks("qemuarm"), await readBuild("after"));
    expect(new Set(check.locks.map((it) => it.state))).toEqual(new Set(["without effect"]));
    expect(check.held).toEqual([]);
  });
});

describe("a lock", () => {
  const all = ["lib:do_compile", "app:do_compile", "image:do_rootfs", "doc:do_compile"];

  it("of an edited task does not fit, and those above it do, as they hash what was locked", () => {
    const held = ["lib:do_compile", "app:do_compile", "image:do_rootfs"];
    expect(states(locksOf(build(), all), build(EDITED))).toEqual([
      ["lib:do_compile", "differs", held],
      ["app:do_compile", "fits", []],
      ["image:do_rootfs", "fits", []],
      ["doc:do_compile", "fits", []],
    ]);
  });

  it("above an edit that no lock holds back does not fit either", () => {
    expect(states(locksOf(build(), ["app:do_compile"]), build(EDITED))).toEqual([
      ["app:do_compile", "differs", ["app:do_compile", "image:do_rootfs"]],
    ]);
  });

  it("fits where a server gave the depid for the taskhash, unless the build was made with locks", () => {
    const equal = sketchCapture({ "lib:do_compile": { ...EDITED } }).tasks[0]?.depid;
    const capture = build({ depid: equal as string });
    expect(states(locksOf(capture, ["lib:do_compile"]), capture)).toEqual([["lib:do_compile", "fits", []]]);
    const made = { ...capture, tasks: capture.tasks.map((it) => ({ ...it, locked: true as const })) };
    expect(states(locksOf(capture, ["lib:do_compile"]), made)[0]?.[1]).toBe("differs");
  });

  it("fits where SIGGEN_UNIHASHMAP gives its depid; of a taskhash that is gone the map does nothing", () => {
    const { taskhash } = build().tasks.find((it) => it.pn === "lib") as Capture["tasks"][number];
    const depid = "ab".repeat(32);
    const lines = [
      `SIGGEN_LOCKEDSIGS_t-a = "lib:do_compile:${depid}"`,
      'SIGGEN_LOCKEDSIGS_TYPES = "t-a"',
      `SIGGEN_UNIHASHMAP = "lib:do_compile:${taskhash}:${depid}"`,
    ];
    const locks = parseLockedSigs(lines, "t");
    expect(checkLocks(locks, build()).locks.map((it) => it.state)).toEqual(["fits", "fits"]);
    expect(checkLocks(locks, build(EDITED)).locks.map((it) => it.state)).toEqual(["differs", "without effect"]);
  });

  it("of a nostamp task is told never to fit", () => {
    const capture = (taint: string) => build({ nostamp: true, taint: `nostamp:${taint}` });
    const check = checkLocks(locksOf(capture("a"), ["lib:do_compile"]), capture("b"));
    expect(check.locks.map(({ state, why }) => [state, why])).toEqual([
      ["differs", "the task is nostamp: its taskhash is another in each build"],
    ]);
  });

  it("of a recipe that is unlocked, or that hashes one, does nothing", () => {
    const locks = locksOf(build(), all, ['SIGGEN_UNLOCKED_RECIPES = "lib"']);
    expect(states(locks, build(EDITED)).map(([name, state]) => [name, state])).toEqual([
      ["lib:do_compile", "without effect"],
      ["app:do_compile", "without effect"],
      ["image:do_rootfs", "without effect"],
      ["doc:do_compile", "fits"],
    ]);
  });

  it("is unknown where signature files are missing: a locked task writes none", () => {
    const capture = build();
    const part = { ...capture, tasks: capture.tasks.filter((it) => it.pn !== "lib") };
    const check = checkLocks(locksOf(capture, ["lib:do_compile", "doc:do_compile"]), part);
    expect(check.locks.map(({ name, state }) => [name, state])).toEqual([
      ["lib:do_compile", "unknown"],
      ["doc:do_compile", "fits"],
    ]);
    const sigs = locksOf(capture, ["lib:do_compile"]);
    const report = { locks: "l", build: "b", sigs, check };
    expect([isSound(report), formatLockCheck(report, false)]).toEqual([false, expect.stringContaining("1 unknown")]);
  });

  it("of an old release, with 32 digits, is told so, and holds back what it stands for", () => {
    const { rows, ...rest } = locksOf(build(), ["lib:do_compile"]);
    const old = { ...rest, rows: rows.map((it) => ({ ...it, depid: it.depid.slice(0, 32) })) };
    const check = checkLocks(old, build());
    expect(check.locks.map(({ state, why, holds }) => [state, why, holds.length])).toEqual([
      ["differs", expect.stringContaining("32 digits"), 3],
    ]);
    expect(formatLockCheck({ locks: "l", build: "b", sigs: old, check }, false)).toContain(
      "a release before 3.0 (zeus)",
    );
  });

  it("beside an include that is not read is no clean bill, though all that was read fit", () => {
    const capture = build();
    const sigs = locksOf(capture, ["lib:do_compile"], ["require conf/more-locks.inc", 'DISTRO = "x"']);
    const check = checkLocks(sigs, capture);
    const report = { locks: "l", build: "b", sigs, check };
    expect([check.locks.map((it) => it.state), isSound(report)]).toEqual([["fits"], false]);
    const text = formatLockCheck(report, false);
    expect(text).toContain("unknown: locks of conf/more-locks.inc, which the file includes");
    expect(text).toContain("assumed: 1 statement of the file about anything else");
  });

  it("no lock at all is no clean bill", () => {
    const sigs = parseLockedSigs(['SIGGEN_LOCKEDSIGS_TYPES = ""'], "t");
    const rows: readonly LockRow[] = sigs.rows;
    const check = checkLocks(sigs, build());
    expect([rows, isSound({ locks: "l", build: "b", sigs, check })]).toEqual([[], false]);
  });
});
