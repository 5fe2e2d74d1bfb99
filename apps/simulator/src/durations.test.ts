import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { formatTable } from "@depid/bitbake";
import { readBuildStats } from "@depid/bitbake/fs";
import { shareOfSources } from "@depid/durations";
import { readHistory } from "@depid/task-graph/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadDurations } from "./durations.ts";

const REPOSITORY = join(import.meta.dirname, "../../..");
const BUILDSTATS = join(REPOSITORY, "fixtures/buildstats");
const EXAMPLE = join(REPOSITORY, "examples/oe-core");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-durations-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const runs = JSON.stringify([{ recipe: "a", task: "do_x", runs: [{ elapsed: 2, cpu: 1, build: "1" }] }]);
const stats = (status: string, seconds: number) => ({
  name: "a",
  epoch: null,
  version: "1",
  revision: "r0",
  tasks: { do_x: { start_time: 1, elapsed_time: seconds, status, rusage: { ru_utime: 1, ru_stime: 0 } } },
});
const json = JSON.stringify({ first: [stats("PASSED", 2)], second: [stats("FAILED", 90)] });
const x = { pn: "a", task: "do_x" };

describe("durations are read from", () => {
  it.each([
    ["CSV", "recipe,task,elapsed,cpu\na,do_x,2,1\n"],
    ["a list of runs", runs],
    ["buildstats as JSON, without runs that failed", json],
    ["buildstats as JSON on many lines", JSON.stringify(JSON.parse(json), null, 2)],
  ])("%s, plain or gzip", async (_what, text) => {
    for (const path of [await put("plain", text), await put("packed", gzipSync(text))]) {
      expect((await loadDurations([path], "elapsed")).durationOf(x, "real")).toEqual({
        seconds: 2,
        source: "measured",
      });
      expect((await loadDurations([path], "cpu")).durationOf(x, "real").seconds).toBe(1);
    }
  });

  const configure = { pn: "lz4-native", task: "do_create_spdx" };
  it("a folder of one build, and of several as their median", async () => {
    const seconds = async (path: string) =>
      (await loadDurations([path], "elapsed")).durationOf(configure, "real").seconds;
    const [fresh, kept] = [await seconds(join(BUILDSTATS, "fresh")), await seconds(join(BUILDSTATS, "kept"))];
    expect([fresh, kept]).toEqual([0.46, 0.43]);
    expect(await seconds(BUILDSTATS)).toBeCloseTo(0.445, 9);
    expect(await seconds(`${BUILDSTATS}/fresh,${BUILDSTATS}/kept`)).toBeCloseTo(0.445, 9);
  });

  it("buildstats of BitBake 2.19 with restored tasks and CPU seconds", async () => {
    const durations = await loadDurations([BUILDSTATS], "cpu");
    expect(durations.measured).toEqual({ real: 19, setscene: 8 });
    expect(durations.durationOf({ pn: "zlib-native", task: "do_create_spdx" }, "setscene").source).toBe("measured");
    expect(durations.durationOf(configure, "real").seconds).toBeCloseTo((0.183539 + 0.179597) / 2, 9);
  });

  it("a table of `depid import buildstats`", async () => {
    const lines: string[] = [];
    for await (const line of formatTable(readBuildStats(BUILDSTATS))) lines.push(line);
    const table = await loadDurations([await put("t.jsonl", `${lines.join("\n")}\n`)], "cpu");
    const direct = await loadDurations([BUILDSTATS], "cpu");
    expect(table.measured).toEqual(direct.measured);
    expect(table.durationOf(configure, "real")).toEqual(direct.durationOf(configure, "real"));
  });

  it("several of them together, named for reports", async () => {
    const first = await put("1.csv", "recipe,task,elapsed\na,do_x,2\n");
    const second = await put("2.csv", "recipe,task,elapsed\na,do_x,4\n");
    const durations = await loadDurations([first, second], "elapsed");
    expect(durations.durationOf(x, "real").seconds).toBe(3);
    expect(durations.names).toEqual([first, second]);
  });
});

describe("bad input is one error that names", () => {
  it.each([
    ["a line and a column", "recipe,task,elapsed\na,do_x,long\n", /file:2: elapsed: expected seconds, found "long"$/],
    ["a field", runs.replace("2", '"2"'), /file: \[0\]\.runs\[0\]\.elapsed: /],
    ["a field of buildstats", json.replace('"elapsed_time":2', '"elapsed_time":"2"'), /file: .*elapsed_time/],
    ["a line of a table", '{"format":"depid-table/1","table":"edges"}\n', /file:1: source: /],
    ["what JSON it is not", "[1", /file: expected JSON: /],
    ["what there is none of", "recipe,task,elapsed\n", /file: expected durations, found no task that ended well$/],
    ["an empty file", "", /file: expected a first line recipe,task,elapsed, found nothing$/],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe), /file: expected UTF-8 text$/],
    ["gzip that is cut off", gzipSync(runs).subarray(0, 30), /file: cannot be read: the gzip data end too early/],
  ])("%s", async (_what, content, message) => {
    await expect(loadDurations([await put("file", content)], "elapsed")).rejects.toThrow(message);
  });

  it("a file that is not there, and one that the user left out", async () => {
    await expect(loadDurations([join(folder, "no")], "elapsed")).rejects.toThrow(/no: cannot be read: no such file/);
    await expect(loadDurations(["a,,b"], "elapsed")).rejects.toThrow(/a: cannot be read/);
    await expect(loadDurations([""], "elapsed")).rejects.toThrow("--durations: expected a file or folder");
  });

  it("a folder that holds no buildstats", async () => {
    await expect(loadDurations([folder], "elapsed")).rejects.toThrow(/expected buildstats, found no file build_stats$/);
  });

  it("a file without CPU seconds, if they are asked for", async () => {
    const path = await put("t.csv", "recipe,task,elapsed\na,do_x,2\n");
    await expect(loadDurations([path], "cpu")).rejects.toThrow(/t\.csv: expected CPU seconds .*, found none$/);
  });
});

describe("the recorded example", () => {
  it("has the seconds of each of its 4,261 tasks from these sources", async () => {
    const durations = await loadDurations([join(EXAMPLE, "core-image-minimal.durations.csv.gz")], "elapsed");
    const { steps } = await readHistory(join(EXAMPLE, "core-image-minimal.history.jsonl.gz"));
    const tasks = steps[0]?.change.upsert ?? [];
    expect(tasks).toHaveLength(4261);
    const real = tasks.map((task) => durations.durationOf(task, "real"));
    expect(shareOfSources(real)).toEqual({ measured: 3010, variant: 613, task: 582, unknown: 56 });
    const restorable = tasks.filter((it) => it.setscene).map((task) => durations.durationOf(task, "setscene"));
    expect(shareOfSources(restorable)).toEqual({ measured: 69, variant: 21, task: 1773, unknown: 393 });
  });
});
