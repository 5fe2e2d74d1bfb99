import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { parseTid } from "@depid/hash";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BuildRecord } from "../build-record.ts";
import { matchRecord } from "../match-tids.ts";
import { loadBuildRecords } from "./build-records.ts";

const FIXTURES = join(import.meta.dirname, "../../../../fixtures/buildrecords");
const BUILDS = ["seqF-01", "seqF-03", "seqF-05", "seqP-03", "seqP-05"];

const tasks = (
  JSON.parse(readFileSync(join(FIXTURES, "tasks.json"), "utf8")) as { tid: string; pn: string; task: string }[]
).map((task) => ({ ...task, tid: parseTid(task.tid) }));

async function loadOne(path: string): Promise<BuildRecord> {
  const [record, ...others] = await loadBuildRecords(path);
  if (record === undefined || others.length > 0) throw new Error(`${path}: expected one build`);
  return record;
}

const sorted = (set: ReadonlySet<string> | undefined) => set && [...set].sort();

describe.each(BUILDS)("of the real build %s", (build) => {
  const sets = JSON.parse(readFileSync(join(FIXTURES, build, "sets.json"), "utf8"));

  it.each([
    ["console.log", "console"],
    ["eventlog.json.gz", "eventlog"],
    ["buildstats", "buildstats"],
    ["sets.json", "sets"],
  ])("%s tells what was executed, restored and stamped", async (file, kind) => {
    const source = join(FIXTURES, build, file);
    const { record, matches } = matchRecord(await loadOne(source), tasks);
    expect(record).toMatchObject({ source, kind, naming: "tid", finished: true });
    expect(sorted(record.executed)).toEqual(sets.executed);
    expect(sorted(record.restored)).toEqual(sets.restored);
    expect(sorted(record.noexec)).toEqual(kind === "buildstats" ? undefined : sets.noexec);
    expect([record.failed.size, record.restoreFailed.size]).toEqual([0, 0]);
    expect([matches.unmatched, matches.ambiguous]).toEqual([[], []]);
  });

  it("the event log and buildstats agree on how long each task took, to less than half a second", async () => {
    const [log, stats] = await Promise.all(
      ["eventlog.json.gz", "buildstats"].map(
        async (file) => matchRecord(await loadOne(join(FIXTURES, build, file)), tasks).record.seconds,
      ),
    );
    expect(stats?.size).toBe(sets.executed.length + sets.restored.length);
    expect(sorted(new Set(log?.keys()))).toEqual(sorted(new Set(stats?.keys())));
    for (const [key, seconds] of stats ?? []) expect(Math.abs(seconds - (log?.get(key) ?? 0)), key).toBeLessThan(0.5);
  });
});

describe("of a build in which restores and tasks fail, in two configurations", () => {
  const low = ["mc:arm:mini/recipes/low.bb:do_compile", "mini/recipes/low.bb:do_compile"];
  const top = ["mc:arm:mini/recipes/top.bb:do_compile", "mini/recipes/top.bb:do_compile"];
  const mini = [...low, ...top].map((tid) => ({ tid: parseTid(tid), pn: "", task: "do_compile" }));

  it.each([
    ["BB_CONSOLELOG", "console.log", 2],
    ["standard output alone, without the errors", "stdout.log", 1],
    ["the event log", "eventlog.json.gz", 2],
    ["meta-depid's build log", "build.jsonl", 1],
  ])("%s tells which did", async (_name, file, count) => {
    const records = await loadBuildRecords(join(FIXTURES, "failing", file));
    const [last, first] = records.toReversed().map((it) => matchRecord(it, mini).record);
    expect(records.map(({ build }) => build)).toEqual(count === 2 ? ["1", "2"] : ["1"]);
    for (const record of [last, first]) {
      if (record === undefined) continue;
      expect(sorted(record.restored)).toEqual(record === last ? top : top.slice(0, 1));
      expect(sorted(record.restoreFailed)).toEqual(low);
      expect(sorted(record.executed)).toEqual(record === last ? low : []);
      expect(sorted(record.failed)).toEqual(record === last ? low : []);
      expect(record).toMatchObject({ finished: true, unknown: [] });
    }
  });
});

describe("what tells of a build", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "depid-records-"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function put(name: string, content: string | Buffer): Promise<string> {
    await writeFile(join(root, name), content);
    return join(root, name);
  }

  it("is no console log that a terminal was shown: refused, with the way out", async () => {
    await expect(loadBuildRecords(join(FIXTURES, "terminal.log"))).rejects.toThrow(
      /terminal\.log:10: a build without lines "NOTE: Running task …": .* progress bar instead\. Take BB_CONSOLELOG/,
    );
  });

  it("may be gzip, and plain where BitBake or others compress", async () => {
    const console = await readFile(join(FIXTURES, "seqF-01/console.log"));
    const events = gunzipSync(await readFile(join(FIXTURES, "seqF-01/eventlog.json.gz")));
    const sets = await readFile(join(FIXTURES, "seqF-01/sets.json"));
    for (const path of [await put("c", gzipSync(console)), await put("e", events), await put("s", gzipSync(sets))])
      expect((await loadOne(path)).restored.size).toBe(35);
  });

  it("has one record per build, in the order in which they were built", async () => {
    const log = await readFile(join(FIXTURES, "seqF-03/eventlog.json.gz"));
    const next = await readFile(join(FIXTURES, "seqF-01/eventlog.json.gz"));
    const both = await loadBuildRecords(await put("both", Buffer.concat([gunzipSync(log), gunzipSync(next)])));
    expect(both.map(({ build, executed }) => [build, executed.size])).toEqual([
      ["1", 77],
      ["2", 0],
    ]);
    await mkdir(join(root, "buildstats"));
    for (const [name, build] of [
      ["20261126195200", "seqF-01"],
      ["20261126195100", "seqF-03"], // its clock was set back: when builds began decides
    ] as const)
      await cp(join(FIXTURES, build, "buildstats"), join(root, "buildstats", name), { recursive: true });
    const stats = await loadBuildRecords(join(root, "buildstats"));
    expect(stats.map(({ build, executed }) => [build, executed.size])).toEqual([
      ["20261126195200", 0],
      ["20261126195100", 77],
    ]);
  });

  it.each([
    ["a text that BitBake did not print", "hello\n", "expected BitBake's console output"],
    ["nothing", "\n\n", "the file is empty: expected buildstats"],
    ["another format", '{"format":"depid-history/1"}', "found another format"],
    ["other JSON", '{"executed": []}', "expected lists of tids, executed and restored: restored: "],
    ["no JSON", "{executed", "expected JSON"],
    ["parsing without a build", '{"allvariables": {}}\n', "expected events of the run queue, found none"],
  ])("is not %s", async (_name, content, message) => {
    await expect(loadBuildRecords(await put("x", content))).rejects.toThrow(message);
  });

  it("is no folder without buildstats, and not missing", async () => {
    await expect(loadBuildRecords(root)).rejects.toThrow("found no file build_stats");
    await expect(loadBuildRecords(join(root, "no"))).rejects.toThrow("no such file or directory");
  });
});
