import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HistoryError } from "./errors.ts";
import { readHistory, writeHistory } from "./fs/index.ts";
import { formatHistory, type History } from "./history.ts";
import { parseHistory } from "./read/index.ts";
import { TaskGraph } from "./task-graph.ts";
import { sketchTask } from "./testing/index.ts";
import type { Variable } from "./variable.ts";

const RECORDED = join(import.meta.dirname, "../../../examples/oe-core/core-image-minimal.history.jsonl.gz");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-history-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the recorded history", () => {
  it("has 42 steps whose changes fit each other", async () => {
    const history = await readHistory(RECORDED);
    expect(history.header).toMatchObject({ layer: "oe-core", target: "core-image-minimal" });
    const graph = new TaskGraph([]);
    for (const { change, expect: expected } of history.steps) {
      graph.apply(change);
      expect(graph.size).toBe(expected.tasks);
    }
    expect(history.steps).toHaveLength(42);
  });

  it("is written as it was read", async () => {
    const history = await readHistory(RECORDED);
    const copy = join(folder, "copy.jsonl.gz");
    await writeHistory(copy, history);
    expect(await readHistory(copy)).toEqual(history);
    const rows = (bytes: Buffer) =>
      gunzipSync(bytes)
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
    expect(rows(await readFile(copy))).toEqual(rows(await readFile(RECORDED)));
  });
});

const HEADER = '{"format":"depid-history/1","tool":"test"}';
const TASK = {
  tid: "a.bb:do_x",
  pn: "a",
  task: "do_x",
  version: ":1-r0",
  basehash: "a".repeat(64),
  hashdeps: [],
  execdeps: [],
  files: [],
  setscene: false,
  nostamp: false,
  stamp: "s/a/1",
  hashfn: "",
};
const step = (change: object = {}) =>
  JSON.stringify({
    step: 0,
    id: "0",
    date: "2026-01-01T00:00:00Z",
    commits: [],
    upsert: [TASK],
    remove: [],
    expect: { tasks: 1, taskhashes: "b".repeat(64) },
    ...change,
  });

describe("bad history text gives one error that names source, line and field", () => {
  it.each([
    ["nothing", [], 'h: expected a first line with "format": "depid-history/1", found nothing'],
    ["another format", ['{"format":"depid-history/9"}'], "h:1: format:"],
    ["no steps", [HEADER], "h: expected at least one step"],
    ["a line that is no JSON", [HEADER, step(), "{oops"], 'h:3: expected a JSON object, found "{oops"'],
    ["a step out of order", [HEADER, step({ step: 3 })], "h:2: step: expected 0, found 3"],
    [
      "a basehash of the wrong length",
      [HEADER, step({ upsert: [{ ...TASK, basehash: "abc" }] })],
      "h:2: upsert[0].basehash: basehash: expected 64",
    ],
    ["a tid without a task", [HEADER, step({ remove: ["a.bb"] })], "h:2: remove[0]: tid: expected"],
    ["an unknown key", [HEADER, step({ upserts: [] })], "h:2: Unrecognized key"],
    [
      "a variable that no line has",
      [HEADER, step({ variables: [["A", "1", []]], upsert: [{ ...TASK, variables: [0, 1] }] })],
      "h:2: upsert[0].variables: variable 1 is neither of this step nor of one before",
    ],
    ["a variable without the list of what it names", [HEADER, step({ variables: [["A", "1"]] })], "h:2: variables[0]"],
    ["a missing key", [HEADER, step({ commits: undefined })], "h:2: commits:"],
  ])("%s", (_what, lines, message) => {
    const parse = () => parseHistory(lines, "h");
    expect(parse).toThrow(HistoryError);
    expect(parse).toThrow(message);
  });

  it("lines that make sense come back as they were", () => {
    const lines = [HEADER, step({ upsert: [{ ...TASK, noexec: true, stamp_extra: "qemu", taint: "x" }] })];
    expect([...formatHistory(parseHistory(lines, "h"))].map((line) => JSON.parse(line))).toEqual(
      lines.map((line) => JSON.parse(line)),
    );
  });
});

describe("variables of a history", () => {
  const A: Variable = { name: "A", value: "1", deps: ["B"] };
  const B: Variable = { name: "B", value: null, deps: [] };
  const task = (variables: readonly Variable[]) => sketchTask("a:do_x", { variables });
  const history = (...steps: (readonly Variable[])[]): History => ({
    header: {},
    steps: steps.map((variables, i) => ({
      step: i,
      id: `${i}`,
      date: "",
      commits: [],
      change: { upsert: [task(variables)], remove: [] },
      expect: { tasks: 1, taskhashes: "b".repeat(64) },
    })),
  });

  it("are written once, in the first step that has them, and come back as they were, shared by object", () => {
    const written = history([A, B], [{ ...A, value: "2" }, { ...B }], [{ ...A }, B]);
    const lines = [...formatHistory(written)];
    expect(lines.slice(1).map((line) => JSON.parse(line).variables)).toEqual([
      [
        ["A", "1", ["B"]],
        ["B", null, []],
      ],
      [["A", "2", ["B"]]],
      undefined,
    ]);
    const read = parseHistory(lines, "h");
    expect(read).toEqual(written);
    const [first, , last] = read.steps.map(({ change }) => change.upsert[0]?.variables?.[0]);
    expect(first).toBe(last);
  });

  it("are unknown where the rows do not say, which is another thing than none", () => {
    const [unknown, none] = [sketchTask("a:do_x"), task([])].map((it) => {
      const [first] = history([]).steps;
      const of = { header: {}, steps: [{ ...first, change: { upsert: [it], remove: [] } } as never] };
      return parseHistory(formatHistory(of), "h").steps[0]?.change.upsert[0]?.variables;
    });
    expect([unknown, none]).toEqual([undefined, []]);
  });
});

describe("a bad history file", () => {
  it("that is truncated says so, with the line it got to", async () => {
    const file = join(folder, "cut.jsonl.gz");
    await writeFile(file, await readFile(RECORDED));
    await truncate(file, 500_000);
    await expect(readHistory(file)).rejects.toThrow(/cut\.jsonl\.gz.*the gzip data end too early/);
  });

  it("that is corrupted says so", async () => {
    const file = join(folder, "bad.jsonl.gz");
    const bytes = await readFile(RECORDED);
    bytes.fill(0xff, 2000, 2100);
    await writeFile(file, bytes);
    await expect(readHistory(file)).rejects.toThrow(HistoryError);
  });

  it("that ends within a step of plain text names the line", async () => {
    const file = join(folder, "plain.jsonl");
    await writeFile(file, `${HEADER}\n${step().slice(0, 100)}`);
    await expect(readHistory(file)).rejects.toThrow(/plain\.jsonl:2: expected a JSON object/);
  });

  it.each([
    ["missing", "none.jsonl", "no such file"],
    ["a directory", ".", "expected a file, found a directory"],
  ])("that is %s says so", async (_what, name, message) => {
    await expect(readHistory(join(folder, name))).rejects.toThrow(message);
  });

  it("is not left behind when writing fails", async () => {
    const history = parseHistory([HEADER, step()], "h");
    const broken = { ...history, steps: [...history.steps, null as never] };
    await expect(writeHistory(join(folder, "out.jsonl.gz"), broken)).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });

  it("written plain is read plain", async () => {
    const file = join(folder, "out.jsonl");
    await writeHistory(file, parseHistory([HEADER, step()], "h"));
    expect((await readFile(file, "utf8")).startsWith('{"format"')).toBe(true);
    expect((await readHistory(file)).steps).toHaveLength(1);
  });
});
