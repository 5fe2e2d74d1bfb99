import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sketchHistory } from "@depid/replay/testing";
import { writeHistory } from "@depid/task-graph/fs";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runDepid } from "./testing/run-depid.ts";

let folder: string;
let history: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-replay-command-"));
  history = join(folder, "small.history.jsonl");
  const tasks = [sketchTask("a:do_x", { setscene: true }), sketchTask("b:do_x", { deps: ["a:do_x"], setscene: true })];
  await writeHistory(
    history,
    sketchHistory(tasks, { upsert: [sketchTask("a:do_x", { setscene: true, basehash: basehashOf("1") })] }),
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Replays the history with the program's source. */
const replay = (...args: string[]) => runDepid("replay", history, ...args);

/** A generator that leaves dependencies out of its hashes. */
async function blindPlugin(): Promise<string> {
  const file = join(folder, "blind.mjs");
  await writeFile(
    file,
    `export default () => ({ name: "blind", stampHash: "taskhash", taskhash: (i) => i.basehash, depids: (ts) => ts.map((t) => t.taskhash) });`,
  );
  return file;
}

describe("depid replay", () => {
  it("says first what each policy saves, in tasks and, with durations, in hours; then sums, grounds and definitions", async () => {
    const durations = join(folder, "seconds.csv");
    await writeFile(durations, "recipe,task,elapsed\na,do_x,3600\nb,do_x,7200\n");
    const { status, stdout } = await replay("--outcomes", "neutral", "--durations", durations);
    expect(status).toBe(0);
    expect(stdout).toContain(
      "\n\n- basichash, rebuild-all and basic run 2 tasks, 3.0 h, 3.0 h a build (needless: 2, 3.0 h).\n- equivhash runs 1 task, 60 min,",
    );
    expect(stdout.replaceAll("\n  ", " ")).toContain("2 measured, 0 by variant, 0 by task name, 0 unknown");
    expect(stdout.match(/^## .*$/gm)).toEqual([
      "## In sum, steps 1 to 1",
      "## What a build takes from begin to end, with 4 workers",
      "## What cost most needlessly",
      "## What decided the outcomes",
      "## What this rests on",
      "## Definitions",
    ]);
  });

  it("has a table for each step with --steps", async () => {
    const { stdout } = await replay("--policy", "basichash", "--steps");
    expect(stdout.match(/^### .*$/gm)).toEqual([
      "### Step 0: c0 change 0; 2 rows changed",
      "### Step 1: c1 change 1; 1 row changed",
    ]);
  });

  it("says UNSOUND first when what was reused is wrong, and ends with 1 if --fail-on-stale was given", async () => {
    const plugin = await blindPlugin();
    const { status, stdout } = await replay("--policy", `${plugin},basichash`);
    expect([status, stdout.slice(0, 9)]).toEqual([0, "UNSOUND: "]);
    expect((await replay("--policy", `${plugin},basichash`, "--fail-on-stale", "--json")).status).toBe(1);
  });

  it("does not count what basic is known for", async () => {
    const { status, stdout } = await replay("--policy", "basic", "--builder", "persistent", "--fail-on-stale");
    expect([status, stdout.slice(0, 9)]).toEqual([0, "# Replay "]);
    expect(stdout).toContain("as is known of basic");
  });

  it("writes the fate of every task with --tasks: a table, or CSV, the same bytes each time", async () => {
    const table = join(folder, "fates.jsonl.gz");
    await replay("--policy", "basichash,equivhash", "--tasks", table);
    const bytes = await readFile(table);
    const rows = gunzipSync(bytes)
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows[0]).toMatchObject({
      format: "depid-table/1",
      table: "fates",
      source: history,
      unknown: ["how long tasks take: no durations were given"],
    });
    expect(rows.at(-1)).toEqual({ end: { rows: 8, left_out: [] } });
    expect(rows.slice(1, 3)).toEqual(
      ["a", "b"].map((pn) => ({
        policy: "basichash",
        step: 0,
        task: `${pn}.bb:do_x`,
        fate: "executed",
        needless: false,
        stale: false,
        seconds: null,
        why: "no-object",
        by: null,
      })),
    );
    await replay("--policy", "basichash,equivhash", "--tasks", table);
    expect(await readFile(table)).toEqual(bytes);

    const csv = join(folder, "fates.csv");
    await replay("--policy", "basichash", "--tasks", csv);
    const lines = (await readFile(csv, "utf8")).split("\n");
    expect([lines[0], lines[1], lines.length]).toEqual([
      "policy,step,task,fate,needless,stale,seconds,why,by",
      "basichash,0,a.bb:do_x,executed,false,false,,no-object,",
      6,
    ]);
  });

  it("writes no file, and prints nothing, when it cannot end well", async () => {
    const { status, stdout, stderr } = await replay("--tasks", join(folder, "none", "fates.csv"));
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/fates\.csv: .*there is no folder/);
    const throwing = join(folder, "throwing.mjs");
    await writeFile(
      throwing,
      `let asked = 0; export default () => ({ name: "late", stampHash: "taskhash", taskhash: (i) => { if (++asked > 2) throw new Error("boom"); return i.basehash; }, depids: (ts) => ts.map((t) => t.taskhash) });`,
    );
    const failed = await replay("--policy", throwing, "--tasks", join(folder, "fates.csv"));
    expect([failed.status, failed.stdout]).toEqual([2, ""]);
    expect((await readdir(folder)).filter((name) => name.includes("fates"))).toEqual([]);
  });
});
