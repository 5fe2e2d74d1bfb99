import { copyFile, cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadBuild } from "@depid/bitbake/fs";
import { type CompareOptions, compareCaptures } from "@depid/compare";
import { taskName } from "@depid/hash";
import type { Capture } from "@depid/task-graph";
import { readCapture, writeCapture } from "@depid/task-graph/fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CASES, runDepid } from "../testing/run-depid.ts";

const TWO = join(CASES, "08-multiconfig-diff");
const BUILT = join(CASES, "19-reverted-edit/stamps-built-once");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-cases-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The same build with other tids, wherever they stand. */
function renamed(capture: Capture, rename: (tid: string) => string): Capture {
  const tasks = capture.tasks.map((task) => ({
    ...task,
    tid: rename(task.tid) as typeof task.tid,
    hashdeps: task.hashdeps.map((it) => rename(it) as typeof it),
    execdeps: task.execdeps.map((it) => rename(it) as typeof it),
    harddeps: task.harddeps?.map((it) => rename(it) as typeof it),
  }));
  return { ...capture, tasks: tasks as Capture["tasks"] };
}

const compare = (before: Capture, after: Capture, options?: CompareOptions) => {
  const { common, changed, added, removed } = compareCaptures(before, after, options);
  return [common, changed.map((it) => it.name), added.length, removed.length];
};

describe("tasks are matched though their keys are other ones", () => {
  it.each<[string, string]>([
    ["a multiconfig", "b"],
    ["a multiconfig with dashes in its name", "qemu-x86-64"],
  ])("the default configuration with %s", async (_, name) => {
    const plain = renamed(await loadBuild(join(TWO, "a")), (tid) => tid.replace(/^mc:a:/, ""));
    const other = renamed(await loadBuild(join(TWO, "b")), (tid) => tid.replace(/^mc:b:/, `mc:${name}:`));
    const expected = [2, ["minilib:do_compile"], 0, 0];
    expect(compare(plain, other)).toEqual(expected);
    expect(compare(other, plain)).toMatchObject([2, [expect.stringContaining("minilib:do_compile")], 0, 0]);
    const both = { ...plain, tasks: [...plain.tasks, ...other.tasks] };
    expect(compare(both, both, { multiconfig: { before: "", after: name } })).toEqual(expected);
  });

  it("files of sstate objects with those of stamps", async () => {
    const siginfo = join(folder, "sstate/6c/2f");
    await mkdir(siginfo, { recursive: true });
    const name = (await readdir(join(BUILT, "x86_64-linux/minitool-native"))).find((it) =>
      it.includes("do_populate_sysroot.sigdata."),
    );
    const hash = name?.split(".").at(-1);
    await copyFile(
      join(BUILT, "x86_64-linux/minitool-native", name ?? ""),
      join(siginfo, `sstate:minitool-native:x86_64-linux:0.1:r0:x86_64:14:${hash}_populate_sysroot.tar.zst.siginfo`),
    );
    const objects = await loadBuild(join(folder, "sstate"));
    expect(objects.tasks.map(taskName)).toEqual(["minitool-native:do_populate_sysroot"]);
    const [common, changed, added] = compare(await loadBuild(BUILT), objects);
    expect([common, changed, added]).toEqual([1, [], 0]);
  });

  it("tasks that were restored, by the siginfo that SSTATE_DIR has for the hashes in their stamps and in other siginfo", async () => {
    const build = join(folder, "restored/build");
    const stamps = join(build, "tmp/stamps");
    await cp(BUILT, stamps, { recursive: true });
    await mkdir(join(build, "conf"), { recursive: true });
    await writeFile(join(build, "conf/local.conf"), `SSTATE_DIR = "${join(build, "shared")}"\n`);
    const native = join(stamps, "x86_64-linux/minitool-native");
    for (const name of await readdir(native)) {
      const [, task = "", hash = ""] = /\.do_(\w+)\.sigdata\.(\w+)$/.exec(name) ?? [];
      const objects = join(build, "shared/universal", hash.slice(0, 2), hash.slice(2, 4));
      if (hash !== "") {
        await mkdir(objects, { recursive: true });
        const object = `sstate:minitool-native:x86_64-linux:0.1:r0:x86_64:14:${hash}_${task}.tar.zst.siginfo`;
        await copyFile(join(native, name), join(objects, object));
      }
      await rm(join(native, name));
      if (task === "populate_sysroot") await writeFile(join(native, `0.1.do_${task}_setscene.${hash}`), "");
    }
    const [whole, restored, bare] = [await loadBuild(BUILT), await loadBuild(build), await loadBuild(stamps)];
    const names = ({ tasks }: Capture) => tasks.map(taskName).filter((it) => it.startsWith("minitool-native:"));
    expect(names(bare)).toEqual([]);
    expect(names(restored)).toEqual(
      expect.arrayContaining(["minitool-native:do_populate_sysroot", "minitool-native:do_fetch"]),
    );
    expect(compare(whole, restored).slice(1, 3)).toEqual([[], 0]);
    expect(restored.header.assumed).toContainEqual(
      expect.stringContaining("those that SSTATE_DIR has for their hashes"),
    );
  });

  it("where the configuration locks signatures, edits that are held back are unknown, as they write no file", async () => {
    const build = join(folder, "locked/build");
    await cp(BUILT, join(build, "tmp/stamps"), { recursive: true });
    await mkdir(join(build, "conf"), { recursive: true });
    await writeFile(join(build, "conf/local.conf"), "require locks.inc\n");
    await writeFile(join(build, "conf/locks.inc"), 'SIGGEN_LOCKEDSIGS_TYPES = "t-core2-64"\n');
    const { header } = await loadBuild(build);
    expect(header.unknown).toContainEqual(expect.stringContaining("edits that locks keep from being built"));
    expect((await loadBuild(join(build, "tmp"))).header.unknown).not.toContainEqual(expect.stringContaining("edits"));
  });

  it("a build directory with a capture, and a TMPDIR that was copied elsewhere", async () => {
    const build = join(folder, "elsewhere/build");
    await cp(BUILT, join(build, "tmp/stamps"), { recursive: true });
    await mkdir(join(build, "conf"), { recursive: true });
    await writeFile(join(build, "conf/local.conf"), `SSTATE_DIR = "${join(build, "shared")}"\n`);
    const copied = await loadBuild(build);
    const capture = await readCapture(join(CASES, "19-reverted-edit/capture-after-revert.jsonl.gz"));
    expect(compare(await loadBuild(BUILT), copied)).toEqual([42, [], 0, 0]);
    expect(compare(copied, capture).slice(0, 2)).toEqual([42, []]);
    const moved = renamed(capture, (tid) => tid.replace(/^((?:virtual:\w+:)?)\//, "$1/srv/other/"));
    expect(compare(copied, moved).slice(0, 2)).toEqual([42, []]);
  });

  it("a recipe of another version, whose files are called otherwise, and its variants each with its own", async () => {
    const capture = await readCapture(join(CASES, "19-reverted-edit/capture-after-revert.jsonl.gz"));
    const upgraded = renamed(capture, (tid) => tid.replace(/(\/\w+?)_[\d.]+\.bb:/, "$1_99.bb:"));
    expect(upgraded.tasks.filter(({ tid }) => tid.includes("_99.bb:")).length).toBeGreaterThan(10);
    const variants = (name: string) => ({
      ...capture,
      tasks: ["", "virtual:native:", "virtual:nativesdk:"].flatMap((variant) =>
        renamed(capture, (tid) => `${variant}${tid.replace(/_[\d.]+\.bb:/, `_${name}.bb:`)}`).tasks.map((task) => ({
          ...task,
          pn: variant === "" ? task.pn : variant === "virtual:native:" ? `${task.pn}-native` : `nativesdk-${task.pn}`,
        })),
      ),
    });
    expect(compare(capture, upgraded).slice(1)).toEqual([[], 0, 0]);
    expect(compare(variants("1"), variants("2")).slice(1)).toEqual([[], 0, 0]);
  });

  it("stamps of setscene tasks, several of a task, and a taint beside them change nothing in what is read", async () => {
    const stamps = join(folder, "stamps");
    await cp(BUILT, stamps, { recursive: true });
    const native = join(stamps, "x86_64-linux/minitool-native");
    const name = (await readdir(native)).find((it) => it.includes("do_populate_sysroot.sigdata.")) ?? "";
    const hash = name.split(".").at(-1);
    await writeFile(join(native, `0.1.do_populate_sysroot_setscene.${hash}`), "");
    await writeFile(join(native, "0.1.do_compile.taint"), "a-taint-that-was-set-after-the-build");
    expect(compare(await loadBuild(BUILT), await loadBuild(stamps))).toEqual([42, [], 0, 0]);
  });
});

describe("a console log of an old release, with hashes of 32 digits", () => {
  it("names what no file of the build has: the cause is unknown, and not none", async () => {
    const log = join(folder, "old.log");
    await writeFile(
      log,
      `ERROR: Taskhash mismatch ${"ab".repeat(16)} verses ${"cd".repeat(16)} for /oe/minitool.bb.do_compile\n` +
        `ERROR: When reparsing virtual:native:/oe/minitool.bb:do_compile, the basehash value changed from ${"0a".repeat(16)} to ${"0b".repeat(16)}. The metadata is not deterministic and this needs to be fixed.\n`,
    );
    const { status, stdout } = await runDepid("explain", "--console", log, BUILT);
    expect([status, stdout]).toEqual([1, expect.stringContaining("2 tasks whose hash came out otherwise")]);
    expect(stdout).toContain("cause: unknown, as a file to compare is not there");
    expect(stdout).toContain("no signature file has the hash");
  });

  it("that is cut off is no clean bill: the line is told, and the exit status is 1", async () => {
    const log = join(folder, "cut.log");
    await writeFile(log, `NOTE: Executing Tasks\nERROR: Taskhash mismatch ${"ab".repeat(12)}`);
    const { status, stdout } = await runDepid("explain", "--console", log, BUILT);
    expect([status, stdout]).toEqual([
      1,
      expect.stringContaining("unknown: line 2 speaks of a hash that came out otherwise"),
    ]);
  });

  it("signature files of old releases are said to be that, alone and beside others", async () => {
    const stamps = join(folder, "old/stamps/core2-64/m4");
    await mkdir(stamps, { recursive: true });
    const file = join(stamps, `1.4.do_compile.sigdata.${"ab".repeat(16)}`);
    await writeFile(file, "\x80\x04.");
    const words = /of a release before 3\.0 \(zeus\), with a hash of 32 digits/;
    await expect(loadBuild(join(folder, "old"))).rejects.toThrow(words);
    await expect(loadBuild(file)).rejects.toThrow(words);
    const object = join(folder, `sstate:m4:core2:1.4:r0:core2:3:${"ab".repeat(16)}_package.tgz.siginfo`);
    await writeFile(object, "");
    await expect(loadBuild(object)).rejects.toThrow(words);
    await cp(BUILT, join(folder, "old/stamps"), { recursive: true });
    const { header } = await loadBuild(join(folder, "old"));
    expect(header.unknown).toContainEqual(expect.stringMatching(words));
  });

  it("a capture is no place where files are looked for: that is said in one line", async () => {
    const capture = join(folder, "capture.jsonl");
    await writeCapture(capture, await loadBuild(join(TWO, "a")));
    const log = join(CASES, "01-taskhash-mismatch/console/console.log");
    const { status, stderr } = await runDepid("explain", "--console", log, capture);
    expect([status, stderr.trimEnd().split("\n").length]).toEqual([2, 1]);
  });
});
