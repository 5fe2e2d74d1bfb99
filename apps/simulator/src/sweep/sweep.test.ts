import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sketchHistory } from "@depid/replay/testing";
import { writeHistory } from "@depid/task-graph/fs";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runDepid } from "../testing/run-depid.ts";

let folder: string;
let asked: readonly string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-sweep-"));
  const history = join(folder, "small.history.jsonl");
  const task = (name: string, text: string, ...deps: string[]) =>
    sketchTask(name, { setscene: true, deps, basehash: basehashOf(text) });
  await writeHistory(
    history,
    sketchHistory(
      [task("a:do_x", "0"), task("b:do_x", "0", "a:do_x"), task("c:do_x", "0", "b:do_x")],
      { upsert: [task("a:do_x", "1")] },
      { upsert: [task("b:do_x", "2", "a:do_x")] },
      { upsert: [task("a:do_x", "3")] },
    ),
  );
  const durations = join(folder, "seconds.csv");
  await writeFile(durations, "recipe,task,elapsed\na,do_x,60\nb,do_x,120\nc,do_x,30\n");
  asked = [
    ...["sweep", history, "--policy", "basichash,equivhash", "--durations", durations],
    ...["--samples", "2", "--neutral", "0.3,0.6", "--seed", "1"],
  ];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const csv = (name: string) => ["--csv", join(folder, name), "--confidence-csv", join(folder, `confidence-${name}`)];
const read = (name: string) => readFile(join(folder, name), "utf8");

describe("depid sweep", () => {
  it("tells of each probability and policy the median and the range; the same bytes for any number of jobs, and put together of parts", async () => {
    const one = await runDepid(...asked, "--jobs", "1", ...csv("one.csv"));
    expect(one.status).toBe(0);
    expect(one.stdout.match(/^## .*$/gm)).toEqual([
      "## Changes that nobody decides are neutral with probability 0.3",
      "## Changes that nobody decides are neutral with probability 0.6",
      "## How sure the order of policies is",
      "## What of the drawn it depends on",
      "## What this rests on",
      "## Definitions",
    ]);
    expect(one.stdout).toMatch(/^\| equivhash +\| +\d \(\d to \d\) \|/m);
    const rows = (await read("one.csv")).trimEnd().split("\n");
    expect([rows[0]?.slice(0, 31), rows.length]).toEqual(["sample,neutral,policy,executed,", 1 + 2 * 2 * 2]);
    expect(new Set(rows.slice(1).map((row) => row.split(",")[3])).size).toBeGreaterThan(1);

    const order = (await read("confidence-one.csv"))
      .split("\n")
      .filter((row) => /^order,equivhash,basichash,0\.3,.*,wins,/.test(row));
    expect(order).toHaveLength(1);

    const two = await runDepid(...asked, "--jobs", "2", ...csv("two.csv"));
    expect([two.stdout, await read("two.csv")]).toEqual([one.stdout, await read("one.csv")]);
    expect(await read("confidence-two.csv")).toBe(await read("confidence-one.csv"));

    const parts = ["1", "2"].map((place) => join(folder, `${place}.json`));
    for (const [i, part] of parts.entries())
      expect((await runDepid(...asked, "--shard", `${i + 1}/2`, "-o", part)).status).toBe(0);
    const merged = await runDepid("merge", ...parts.toReversed(), ...csv("merged.csv"));
    expect([merged.stdout, await read("merged.csv")]).toEqual([one.stdout, await read("one.csv")]);
    expect(await read("confidence-merged.csv")).toBe(await read("confidence-one.csv"));

    const [first = "", second = ""] = parts;
    const part = JSON.parse(await readFile(second, "utf8"));
    await writeFile(second, JSON.stringify({ ...part, history: { ...part.history, sha256: "0" } }));
    const refused = await runDepid("merge", first, second);
    expect([refused.status, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toMatch(/2\.json: history\.sha256: expected "\w{64}", as in .*1\.json, found "0"/);
  });

  it("by builders of a topology is the same bytes whatever the jobs and parts, says who builds, and costs more with more of them", async () => {
    const topology = join(folder, "two.yaml");
    const site =
      "builders: [{ name: a, kind: fresh }, { name: b, kind: fresh, server: near, sstate: own, mirrors: [copy] }]";
    await writeFile(
      topology,
      `format: depid-topology/1\n${site}\nservers: [{ name: main }, { name: near, upstream: main }]\ncaches: [{ name: farm }, { name: own }, { name: copy, mirror_of: farm }]\n`,
    );
    const by = [...asked, "--neutral", "0.6", "--topology", topology];
    const one = await runDepid(...by, "--jobs", "1", ...csv("one.csv"));
    expect([one.status, one.stdout]).toEqual([0, expect.stringContaining(`Built by the builders of ${topology}`)]);
    const two = await runDepid(...by, "--jobs", "2", ...csv("two.csv"));
    expect([two.stdout, await read("two.csv")]).toEqual([one.stdout, await read("one.csv")]);
    const parts = ["1", "2"].map((place) => join(folder, `${place}.json`));
    for (const [i, part] of parts.entries())
      expect((await runDepid(...by, "--shard", `${i + 1}/2`, "-o", part)).status).toBe(0);
    const merged = await runDepid("merge", ...parts, ...csv("merged.csv"));
    expect([merged.stdout, await read("merged.csv")]).toEqual([one.stdout, await read("one.csv")]);
    await runDepid(...asked, "--neutral", "0.6", ...csv("alone.csv"));
    const executed = async (name: string) =>
      (await read(name))
        .trimEnd()
        .split("\n")
        .slice(1)
        .reduce((sum, row) => sum + Number(row.split(",")[3]), 0);
    expect(await executed("one.csv")).toBeGreaterThan(await executed("alone.csv"));
  });

  it.each<[string, readonly string[], RegExp]>([
    ["a bound, which leaves nothing to draw", ["--outcomes", "pessimistic"], /nothing is left to draw: expected drawn/],
    ["more parts than samples", ["--shard", "1/4"], /at most as many parts as samples, which are 2, found 4/],
    ["a part that is none", ["--shard", "3/2"], /expected i\/n, with i from 1 to n/],
    ["the report of a part", ["--shard", "1/2", "--json"], /a part has no report: expected --json with depid merge/],
    ["a file for a report", ["-o", "x"], /--output: is for a part/],
    ["a probability beyond 1", ["--neutral", "0.5,1.5"], /expected a number from 0 to 1/],
  ])("does not take %s", async (_what, flags, message) => {
    const { status, stdout, stderr } = await runDepid(...asked, ...flags);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  it("does not merge what is no part", async () => {
    await writeFile(join(folder, "x.json"), "{}");
    const { status, stderr } = await runDepid("merge", join(folder, "x.json"));
    expect(status).toBe(2);
    expect(stderr).toMatch(/x\.json: format: expected a part of a sweep/);
  });
});
