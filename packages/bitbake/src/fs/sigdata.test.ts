import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sha256Hex, taskName } from "@depid/hash";
import { assumedSettings, type Capture } from "@depid/task-graph";
import { readHistory, writeCapture } from "@depid/task-graph/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BuildInputError } from "../errors.ts";
import { BitbakeFileError } from "../file-error.ts";
import { packBomb, packZstd, type SigdataSketch, sketchSigdata } from "../testing/index.ts";
import { importSigdata, loadBuild, readSigdata, readTaskDependsDot } from "./index.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const RECORDED = join(ROOT, "fixtures/sigdata/build");
const HISTORY = join(ROOT, "examples/oe-core/core-image-minimal.history.jsonl.gz");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-sigdata-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

/** A signature file beside the stamps of a recipe. */
function putSigdata(recipe: string, sketch: SigdataSketch, kind = "sigdata"): Promise<string> {
  const json = sketchSigdata(sketch);
  return put(`stamps/x86-oe-linux/${recipe}.${json.task}.${kind}.${json.taskhash}`, packZstd(JSON.stringify(json)));
}

const namesOf = ({ tasks }: Capture) => tasks.map(taskName);

describe("signature files of BitBake 2.19.0", () => {
  it("are read, and both hashes of each follow from its content", async () => {
    const mismatches: unknown[] = [];
    const capture = await loadBuild(RECORDED, { onMismatch: (it) => mismatches.push(it) });
    expect(mismatches).toEqual([]);
    expect(namesOf(capture)).toMatchInlineSnapshot(`
      [
        "lower:do_compile",
        "lower:do_fetch",
        "lower:do_install",
        "mc:second:lower:do_compile",
        "mc:second:lower:do_fetch",
        "mc:second:lower:do_install",
        "mc:second:upper:do_build",
        "mc:second:upper:do_compile",
        "mc:second:upper:do_fetch",
        "mc:second:upper:do_install",
        "upper:do_always",
        "upper:do_build",
        "upper:do_compile",
        "upper:do_fetch",
        "upper:do_install",
      ]
    `);
  });
  it("tell the dependencies, files and taints that were hashed", async () => {
    const { tasks } = await loadBuild(RECORDED);
    const find = (name: string) => tasks.find((task) => taskName(task) === name);
    expect(find("mc:second:upper:do_compile")).toMatchObject({
      tid: "mc:second:upper:do_compile",
      hashdeps: ["mc:second:lower:do_install", "mc:second:upper:do_fetch"],
      hashedDepids: [find("mc:second:lower:do_install")?.depid, find("mc:second:upper:do_fetch")?.depid],
      stamp: "mini-oe-linux/upper/2.0",
    });
    expect(find("lower:do_fetch")?.files.map(([name]) => name)).toEqual(["./a.txt", "./b.txt", "one.txt"]);
    expect(find("upper:do_always")?.taint).toMatch(/^nostamp:[0-9a-f-]{36}$/);
    expect(find("upper:do_always")?.nostamp).toBe(true);
  });
  it("tell the variables: one object for those that tasks share, the task's own dependencies being those nobody else names", async () => {
    const { tasks } = await loadBuild(RECORDED);
    const of = (name: string, variable: string) =>
      tasks.find((task) => taskName(task) === name)?.variables?.find((it) => it.name === variable);
    expect(of("upper:do_compile", "TITLE")).toBe(of("mc:second:upper:do_compile", "TITLE"));
    expect(of("upper:do_compile", "TITLE")?.deps).toEqual(["SUMMARY"]);
    expect(of("upper:do_compile", "do_compile")?.deps).toEqual(["NOBODY_SET_THIS", "PN", "PV", "TITLE", "say"]);
    expect(of("upper:do_compile", "do_compile")?.value).toContain("FEATURES{red} = Set");
    expect(of("mc:second:upper:do_compile", "do_compile")?.value).not.toContain("= Set");
  });
  it("get recipe files, versions and exec dependencies of task-depends.dot", async () => {
    const dot = await readTaskDependsDot(join(RECORDED, "task-depends.dot"));
    const { tasks, header } = await loadBuild(RECORDED, { dot });
    expect(tasks.find((task) => taskName(task) === "mc:second:upper:do_compile")).toMatchObject({
      tid: "mc:second:/layer/recipes/upper_2.0.bb:do_compile",
      version: ":2.0-",
      hashdeps: ["mc:second:/layer/recipes/lower_1.0.bb:do_install", "mc:second:/layer/recipes/upper_2.0.bb:do_fetch"],
    });
    expect(header.assumed.join("\n")).not.toContain("exec dependencies");
  });
  it("of recipes that are not of the build are left out", async () => {
    const { tasks, counts } = await importSigdata([RECORDED], { recipes: new Set(["lower"]) });
    const names: string[] = [];
    for await (const task of tasks) names.push(taskName(task));
    expect(names.sort()).toEqual(["lower:do_compile", "lower:do_fetch", "lower:do_install"]);
    expect(counts()).toMatchObject({ tasks: 3, leftOut: 12 });
  });
});

describe("a folder of signature files", () => {
  it("of several files of a task the newest counts; of the same age the first by name", async () => {
    const old = await putSigdata("a/1.0", { taint: "old" });
    const young = await putSigdata("a/1.1", { taint: "young" });
    await utimes(old, 1000, 1000);
    await utimes(young, 2000, 2000);
    const both = await importSigdata([folder]);
    const taints: unknown[] = [];
    for await (const { taint } of both.tasks) taints.push(taint);
    expect(taints).toEqual(["young"]);
    expect(both.counts().older).toBe(1);
    expect(both.header.assumed.join("\n")).toContain("the newest counts");
    await utimes(young, 1000, 1000);
    expect((await loadBuild(folder)).tasks[0]?.taint).toBe("old");
  });
  it("the file of a nostamp task that is older than the last stamp is of no build since, and is passed over", async () => {
    const taint = "nostamp:00000000-0000-0000-0000-000000000001";
    const always = await putSigdata("a/1.0", { task: "do_always", taint, deps: {} });
    const compile = await putSigdata("a/1.0", { task: "do_compile", deps: {} });
    const stamps = [compile, await put(compile.replace(`${folder}/`, "").replace(".sigdata.", "."), "")];
    const setTime = (file: string, hours: number) => utimes(file, hours * 3600, hours * 3600);
    const namesAt = async (dumped: number, built: number) => {
      await setTime(always, dumped);
      for (const file of stamps) await setTime(file, built);
      const { header, tasks } = await loadBuild(folder);
      return [namesOf({ header, tasks }), header.unknown.filter((it) => it.includes("nostamp tasks")).length];
    };
    expect(await namesAt(2, 1)).toEqual([["a:do_always", "a:do_compile"], 0]);
    expect(await namesAt(1, 2)).toEqual([["a:do_compile"], 1]);
    await rm(stamps.pop() ?? ""); // nothing was built: bitbake -S none alone
    expect(await namesAt(1, 2)).toEqual([["a:do_always", "a:do_compile"], 0]);
  });
  it("recipes that share their stamps are named by what their tasks hash", async () => {
    const fetch = sketchSigdata({ task: "do_fetch" });
    const unpack = sketchSigdata({ task: "do_unpack", deps: { "gcc-source-16.1.0:do_fetch": fetch.taskhash } });
    for (const json of [fetch, unpack]) {
      const name = `stamps/work-shared/gcc-16.1.0-r0.${json.task}.sigdata.${json.taskhash}`;
      await put(name, packZstd(JSON.stringify(json)));
    }
    expect(namesOf(await loadBuild(folder))).toEqual(["gcc-source-16.1.0:do_fetch", "gcc-source-16.1.0:do_unpack"]);
  });
  it("tells no settings and no hard dependencies: OE-Core's are assumed, and the capture says so", async () => {
    const deps = { "pseudo-native:do_populate_sysroot": "d".repeat(64), "zlib:do_populate_sysroot": "e".repeat(64) };
    const restored = { variables: { sstate_task_postfunc: { value: "" } } };
    await putSigdata("a/1.0", { task: "do_prepare_recipe_sysroot", deps: deps });
    for (const task of ["do_package", "do_populate_sysroot"]) {
      await putSigdata("a/1.0", { task, deps: { "a:do_install": "a".repeat(64) }, ...restored });
    }
    const { header, tasks } = await loadBuild(folder);
    expect(header.settings).toEqual(assumedSettings);
    expect(header.assumed.filter((it) => /^(settings|hard dependencies)/.test(it))).toHaveLength(2);
    expect(header.unknown.filter((it) => /^hard dependencies/.test(it))).toHaveLength(1);
    expect(tasks.map(({ task, harddeps }) => [task, harddeps])).toEqual([
      ["do_package", ["pseudo-native:do_populate_sysroot"]],
      ["do_populate_sysroot", []],
      ["do_prepare_recipe_sysroot", []],
    ]);
  });
  it("may lack what its tasks depend on", async () => {
    await putSigdata("a/1.0", { deps: { "gone:do_y": "d".repeat(64) } });
    expect((await loadBuild(folder)).tasks[0]).toMatchObject({
      hashdeps: ["gone:do_y"],
      hashedDepids: ["d".repeat(64)],
    });
  });
  it("may have files without a taskhash: the capture says so", async () => {
    await putSigdata("a/1.0", {}, "sigbasedata");
    const { header } = await loadBuild(folder);
    expect(header.unknown.join("\n")).toContain("sigbasedata");
  });
  it("may be an sstate directory, with links to a mirror's", async () => {
    const json = sketchSigdata({ task: "do_package" });
    const name = `sstate:a:x86-oe-linux:1.0:r2:x86:14:${json.taskhash}_package.tar.zst.siginfo`;
    const file = await put(`mirror/${name}`, packZstd(JSON.stringify(json)));
    await mkdir(join(folder, "sstate/aa/bb"), { recursive: true });
    await symlink(file, join(folder, "sstate/aa/bb", name));
    expect((await loadBuild(join(folder, "sstate"))).tasks[0]).toMatchObject({
      tid: "a:do_package",
      version: ":1.0-r2",
      hashfn: "False sstate:a:x86-oe-linux:1.0:r2:x86:14: sstate:a::1.0:r2::14:",
    });
  });
  it("may be a build directory whose TMPDIR conf/local.conf names", async () => {
    await putSigdata("a/1.0", {});
    await put("build/conf/local.conf", `TMPDIR = "${folder}"\n`);
    expect(namesOf(await loadBuild(join(folder, "build")))).toEqual(["a:do_x"]);
  });
  it("a mismatch is told with task, file and hash", async () => {
    const json = { ...sketchSigdata({}), taskhash: "0".repeat(64) };
    const file = await put(`stamps/x/a/1.0.do_x.sigdata.${"0".repeat(64)}`, packZstd(JSON.stringify(json)));
    const told: unknown[] = [];
    await loadBuild(folder, { onMismatch: (mismatch) => told.push(mismatch) });
    expect(told).toMatchObject([{ file, task: "a:do_x", hash: "taskhash", stated: "0".repeat(64) }]);
  });
});

describe("malformed, foreign and hostile signature files give one line that names the file", () => {
  const json = JSON.stringify(sketchSigdata({}));
  const whole = packZstd(json);
  it.each<[string, Uint8Array | string, RegExp]>([
    ["nothing", "", /found other bytes$/],
    ["text", json, /expected a signature file \(JSON packed with zstd\), found other bytes$/],
    ["a truncated frame", whole.subarray(0, -1), /\(truncated\?\)$/],
    ["a header alone", whole.subarray(0, 5), /\(truncated\?\)$/],
    ["a block of a reserved type", Uint8Array.from([...whole.subarray(0, 6), 0x07, 0, 0]), /are damaged$/],
    [
      "a window of terabytes",
      Uint8Array.from([...whole.subarray(0, 5), 0xff, ...whole.subarray(6)]),
      /are damaged$|MiB/,
    ],
    ["a zip bomb", packBomb(1024 * 1024 * 1024), /unpacks to more than 8 MiB, which no signature file does$/],
    ["blanks in place of JSON", packBomb(1024 * 1024), /expected the JSON of a signature file/],
    ["lists in each other", packZstd("[".repeat(100_000)), /expected the JSON of a signature file/],
    ["bytes that are no UTF-8", packZstd(Uint8Array.from([0x22, 0xff, 0x22])), /expected UTF-8 text/],
    ["a pickle", Uint8Array.from([0x80, 0x04, 0x95]), /is a Python pickle.*bitbake -S none TARGET/],
    ["a pickle, packed", packZstd(Uint8Array.from([0x80, 0x03, 0x7d])), /is a Python pickle/],
    [
      "another task than its name says",
      packZstd(JSON.stringify(sketchSigdata({ task: "do_y" }))),
      /task: expected do_x/,
    ],
  ])("%s", async (_what, content, message) => {
    const file = await put(`stamps/x/a/1.0.do_x.sigdata.${"0".repeat(64)}`, content);
    const error = await loadBuild(folder).catch((it: unknown) => it);
    expect(error).toBeInstanceOf(BitbakeFileError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(file);
    expect((error as Error).message).not.toContain("\n");
  });
  it("a header that claims terabytes is not believed: what there is is unpacked", async () => {
    const claimed = [0xc0, 0x38, 0, 0, 0, 0, 0, 1, 0, 0]; // content of 2^40 bytes
    const file = await put("huge", Uint8Array.from([...whole.subarray(0, 4), ...claimed, ...whole.subarray(6)]));
    await expect(readSigdata(file)).rejects.toThrow(/are damaged$/);
  });
  it("a file packed by zstd itself, with a checksum, is read; a flipped bit is noticed", async () => {
    const packed = Buffer.from(PACKED, "base64");
    const file = await put("packed", packed);
    expect((await readSigdata(file)).task).toBe("do_x");
    packed[30] = (packed[30] as number) ^ 1;
    await expect(readSigdata(await put("flipped", packed))).rejects.toThrow(BitbakeFileError);
  });
  it("a pipe is not waited for", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    await expect(readSigdata(join(folder, "pipe"))).rejects.toThrow(/expected a file, found something else$/);
  });
  it("control characters in names are told, not printed", async () => {
    const file = await put(`stamps/x/a\u001b[2J\n/1.0.do_x.sigdata.${"0".repeat(64)}`, "");
    await expect(readSigdata(file)).rejects.toThrow(/a\\u001b\[2J\\u000a\/1\.0/);
  });
});

describe("loadBuild", () => {
  it("takes a step of a history by number and by commit", async () => {
    const byNumber = await loadBuild(`${HISTORY}@35`);
    const { steps } = await readHistory(HISTORY);
    expect(byNumber.tasks).toHaveLength(steps[35]?.expect.tasks ?? 0);
    const lines = byNumber.tasks.map(({ tid, taskhash }) => `${tid} ${taskhash}\n`).join("");
    expect(sha256Hex(lines)).toBe(steps[35]?.expect.taskhashes);
    expect(await loadBuild(`${HISTORY}#ef0178f1265c`)).toEqual(byNumber);
  });
  it("takes a capture, and several signature files", async () => {
    const files = [await putSigdata("a/1.0", {}), await putSigdata("b/1.0", {})];
    const { header, tasks, signatureFiles } = await loadBuild(files);
    const capture = { header, tasks };
    expect(namesOf(capture)).toEqual(["a:do_x", "b:do_x"]);
    expect([...(signatureFiles ?? [])].map(([tid, [first]]) => [tid, first?.file])).toEqual([
      ["a:do_x", files[0]],
      ["b:do_x", files[1]],
    ]);
    await writeCapture(join(folder, "c.jsonl.gz"), capture);
    expect(await loadBuild(join(folder, "c.jsonl.gz"))).toEqual(capture);
    expect((await readdir(folder)).sort()).toEqual(["c.jsonl.gz", "stamps"]);
  });
  it.each([
    ["what is not there", () => "/none/of/this", "no such file or directory"],
    ["a step that is not there", () => `${HISTORY}@99`, "no such step: expected a number from 0 to 41"],
    ["a history without a step", () => HISTORY, "name one as"],
    ["a file of another kind", () => join(ROOT, "package.json"), "expected a capture, a step of a history"],
    ["a folder without signature files", () => join(ROOT, "examples"), "has no signature files"],
    ["a build directory without stamps", () => join(ROOT, "layers/meta-depid"), "a build directory without stamps"],
  ])("refuses %s", async (_what, input, message) => {
    await expect(loadBuild(input())).rejects.toThrow(BuildInputError);
    await expect(loadBuild(input())).rejects.toThrow(message);
  });
});

/** A signature file of a task `do_x` without variables. */
const PACKED =
  "KLUv/QRozQcAIk8uGWB5A+woGRER5FQ5zcOrC0Q0qtvhsiIIAi5hCBqdJ6xrwLI6jHiKieFClagTT4eIiPH8OecP0r6d2PEARZfDTw8orTgICiqFSS2OxQBdp4H+ngz6KlcO6zbtIeyjBpz8nXV1ubov3eetCTcQOr0gh5Iw3RjN3ads9nCfnwaNzlv1nt8yLJoeoOekNk5aWMF9uqxXDm5dEvIF+bWIMrrFhDu9EltcXQpXuJh6lPIGdvg2WspV+lxtgwEXKECChWUHkE60YWnt+v8bJwlQBeBaOj7BDAEC8A7Ta4/JArfSmJLCDA45WAUhPEA0lUCYY05uNvBE/58BiJoVsA==";
