import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { depIdOf, parseTaskHash, sha256Hex, taskName } from "@depid/hash";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CAPTURE_FORMAT, type Capture, type CapturedTask, formatCapture } from "./capture.ts";
import { CaptureError } from "./errors.ts";
import { readCapture, writeCapture } from "./fs/index.ts";
import { parseCapture } from "./read/index.ts";
import { sketchTask } from "./testing/index.ts";

const CC = { name: "CC", value: "gcc", deps: [] };
const DO_X = { name: "do_x", value: "cc x.c", deps: ["CC"] };
const HEADER = { origin: { tool: "test" }, unknown: ["recipe files"], assumed: [] };

function captured(name: string, extra: Partial<CapturedTask> = {}): CapturedTask {
  const task = sketchTask(name);
  const taskhash = parseTaskHash(sha256Hex(`${name} hashed`));
  return { ...task, taskhash, depid: depIdOf(taskhash), hashedDepids: [], variables: [CC, DO_X], ...extra };
}

const below = captured("a:do_x");
const capture: Capture = {
  header: HEADER,
  tasks: [
    below,
    captured("b:do_x", { hashdeps: [below.tid], hashedDepids: [below.depid], variables: [CC] }),
    captured("c:do_x", { variables: undefined, noexec: true, taint: "t", stampExtra: "qemu" }),
  ],
};

describe("a capture", () => {
  it("is read as it was written", () => {
    expect(parseCapture(formatCapture(capture), "c")).toEqual(capture);
  });

  it("has settings and hard dependencies, or says nothing of them", () => {
    const settings = { excludedSysroots: [".*->b-native", "a->(c|d)"], outhashExtra: "oe-core" } as const;
    const tasks = [below, captured("d:do_x", { setscene: true, harddeps: [below.tid] })];
    const known: Capture = { header: { ...HEADER, settings }, tasks };
    expect(parseCapture(formatCapture(known), "c")).toEqual(known);
    const [header = "", ...rest] = [...formatCapture(known)];
    expect(JSON.parse(header).settings).toEqual({
      excluded_sysroots: [".*->b-native", "a->(c|d)"],
      outhash_extra: "oe-core",
    });
    expect(rest.filter((line) => line.includes('"harddeps"'))).toHaveLength(1);
    expect("settings" in parseCapture(formatCapture(capture), "c").header).toBe(false);
  });

  it("writes a variable that tasks share once, and reads it as one object", () => {
    const lines = [...formatCapture(capture)];
    expect(lines.filter((line) => line.startsWith('{"variable"'))).toHaveLength(2);
    const [a, b] = parseCapture(lines, "c").tasks;
    expect(a?.variables?.[0]).toBe(b?.variables?.[0]);
  });

  it("names its tasks by configuration, recipe and task", () => {
    expect(taskName(below)).toBe("a:do_x");
    expect(taskName({ ...below, tid: `mc:arm:${below.tid}` as never })).toBe("mc:arm:a:do_x");
  });
});

describe("bad capture text gives one error that names source, line and field", () => {
  const [header = "", ...rest] = [...formatCapture(capture)];
  const task = (change: object) => JSON.stringify({ task: { ...JSON.parse(rest[2] ?? "").task, ...change } });
  it.each([
    ["nothing", [], `c: expected a first line with "format": "${CAPTURE_FORMAT}"`],
    ["another format", ['{"format":"depid-history/1"}'], "c:1: format:"],
    [
      "settings of which one is missing",
      ['{"format":"depid-capture/1","unknown":[],"assumed":[],"settings":{"excluded_sysroots":[]}}'],
      "c:1: settings.outhash_extra:",
    ],
    ["a hard dependency that is none", [header, task({ harddeps: ["x"] })], "c:2: task.harddeps[0]: tid: expected"],
    ["no end", [header, ...rest.slice(0, -1)], "c:6: the line `end` is missing (truncated?)"],
    ["an end that counts more", [header, '{"end":{"tasks":2,"variables":0}}'], "c:2: end.tasks: 2, but there are 0"],
    ["more behind the end", [header, ...rest, rest[0] ?? ""], "c:8: expected nothing behind"],
    ["a line of no kind", [header, "{}"], "c:2: expected one of the keys"],
    ["a variable that was not told", [header, task({ variables: [7] })], "c:2: task.variables: variable 7 has no line"],
    [
      "a depid too many",
      [header, task({ hashed_depids: ["a".repeat(64)], variables: [] })],
      "c:2: task.hashed_depids:",
    ],
    ["no taskhash", [header, task({ taskhash: "x" })], "c:2: task.taskhash: taskhash: expected 64"],
    ["a task twice", [header, ...rest.slice(0, 3), rest[2] ?? ""], "c:5: task.tid: a.bb:do_x is there twice"],
  ])("%s", (_what, lines, message) => {
    const parse = () => parseCapture(lines, "c");
    expect(parse).toThrow(CaptureError);
    expect(parse).toThrow(message);
  });
});

describe("a capture file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "depid-capture-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each(["c.jsonl", "c.jsonl.gz"])("%s is read as it was written", async (name) => {
    await writeCapture(join(folder, name), capture);
    expect(await readCapture(join(folder, name))).toEqual(capture);
    expect(await readdir(folder)).toEqual([name]);
  });

  it("for which there is no folder says so", async () => {
    const file = join(folder, "none", "c.jsonl");
    await expect(writeCapture(file, capture)).rejects.toThrow(
      `${file}: cannot be written: there is no folder ${join(folder, "none")}`,
    );
  });

  it("that is no capture says where", async () => {
    const file = join(folder, "bad.jsonl");
    await writeFile(file, "hello\n");
    await expect(readCapture(file)).rejects.toThrow(`${file}:1: expected a JSON object, found "hello"`);
  });
});
