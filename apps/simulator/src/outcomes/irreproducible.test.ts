import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REPOSITORY, runDepid } from "../testing/run-depid.ts";

const HISTORY = join(REPOSITORY, "examples/meta-mini/recorded/history.jsonl.gz");
const GIVEN = ["--outcomes", "neutral", "--policy", "basichash,equivhash"];

let folder: string;
let runs: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-irreproducible-"));
  runs = join(folder, "runs.yaml");
  await writeFile(
    runs,
    "format: depid-irreproducible/1\ntasks:\n  - { task: do_compile, probability: 0.5, because: it names the time }\n",
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const executedIn = (stdout: string): readonly number[] =>
  JSON.parse(stdout).policies.map(({ sum }: { sum: { executed: number } }) => sum.executed);

describe("--irreproducible", () => {
  it("has a replay draw runs by the seed, with the same bytes in several jobs, and says on what it rests", async () => {
    const replay = (...flags: string[]) => runDepid("replay", HISTORY, ...GIVEN, "--json", ...flags);
    const [usual, drawn, inTwo] = await Promise.all([
      replay(),
      replay("--irreproducible", runs),
      replay("--irreproducible", runs, "--jobs", "2"),
    ]);
    expect(inTwo).toEqual(drawn);
    const [basichash = 0, equivhash = 0] = executedIn(usual.stdout);
    const [basichashDrawn, equivhashDrawn = 0] = executedIn(drawn.stdout);
    expect(basichashDrawn).toBe(basichash);
    expect(equivhashDrawn).toBeGreaterThan(equivhash);
    expect(JSON.parse(drawn.stdout).assumed).toContain(
      "not reproducible: *:do_compile gives another output than usual with probability 0.5 in each run (it names the time). It is not stale, as its inputs are the same; but its output hash is another one.",
    );
  });

  it("is drawn for each sample of a sweep, in any number of jobs alike, and is among what a sweep was given", async () => {
    const sweep = (...flags: string[]) =>
      runDepid("sweep", HISTORY, "--policy", "equivhash", "--samples", "2", "--json", ...flags);
    const one = await sweep("--irreproducible", runs, "--jobs", "1");
    expect([one.status, one.stderr.includes("depid:")]).toEqual([0, false]);
    expect(await sweep("--irreproducible", runs, "--jobs", "2")).toEqual(one);
    expect(JSON.parse(one.stdout).inputs).toContainEqual({
      flag: "--irreproducible",
      name: runs,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.parse(one.stdout).points).not.toEqual(JSON.parse((await sweep("--jobs", "1")).stdout).points);
  });

  it("counts in a prediction", async () => {
    const [base, head] = [`${HISTORY}@0`, `${HISTORY}@1`];
    const { status, stdout } = await runDepid("predict", base, head, "--irreproducible", runs);
    expect([status, stdout.replace(/\s+/g, " ")]).toEqual([
      0,
      expect.stringContaining("not reproducible: *:do_compile gives another output than usual with probability 0.5"),
    ]);
  });

  it("takes no file that is not there, nor one that makes no sense", async () => {
    const missing = await runDepid("replay", HISTORY, "--irreproducible", join(folder, "none.yaml"));
    expect([missing.status, missing.stdout]).toEqual([2, ""]);
    expect(missing.stderr).toMatch(/none\.yaml: cannot be read as tasks that are not reproducible: /);
    await writeFile(runs, "format: depid-irreproducible/1\ntasks:\n  - probability: often\n");
    const wrong = await runDepid("replay", HISTORY, "--irreproducible", runs);
    expect([wrong.status, wrong.stdout]).toEqual([2, ""]);
    expect(wrong.stderr).toContain("runs.yaml:3: column 18: tasks[0].probability: ");
  });
});
