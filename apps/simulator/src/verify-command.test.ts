import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REPOSITORY, runDepid } from "./testing/run-depid.ts";

/** Real builds: examples/meta-mini/README.md. */
const RECORDED = join(REPOSITORY, "examples/meta-mini/recorded");
const HISTORY = join(RECORDED, "history.jsonl.gz");
const TOOL = "meta-mini/recipes/minitool-native_0.2.bb";

const kept = (step: number) => join(RECORDED, `kept/${step}.jsonl`);
const outcomesOf = (folder: string) =>
  `recorded:${join(RECORDED, folder, "outhashes.jsonl.gz")}+${join(RECORDED, folder, "equivalences.jsonl.gz")}`;
const KNOWN = ["--outcomes", outcomesOf("kept"), "--durations", join(RECORDED, "kept/durations.csv")];
const BUILT = ["--builder", "persistent", "--workers", "2", "--samples", "2"];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-verify-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const verify = (...args: string[]) => runDepid("verify", HISTORY, ...args);

async function verifyJson(...args: string[]) {
  const { status, stdout, stderr } = await verify(...BUILT, ...args, "--json");
  expect(stdout, stderr).not.toBe("");
  return { status, report: JSON.parse(stdout) };
}

async function put(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

const without = (text: string, part: RegExp) => text.split("\n").filter((line) => !part.test(line));

describe("depid verify", () => {
  it.each([
    ["kept", "persistent"],
    ["fresh", "fresh"],
  ])("predicts what the recorded builds of meta-mini ran in %s directories, task by task", async (name, builder) => {
    const builds = [1, 2, 3, 4].map((step) => join(RECORDED, name, `${step}.jsonl`));
    const { status, report } = await verifyJson(
      ...builds,
      "--builder",
      builder,
      "--outcomes",
      outcomesOf(name),
      "--at-least",
      "1",
      "--strict",
      "--durations",
      join(RECORDED, name, "durations.csv"),
    );
    expect(report).toMatchObject({ format: "depid-verify/1", history: HISTORY, least: 1 });
    expect(report.steps.map(({ step, title }: Record<string, unknown>) => `${step} ${title}`)).toEqual([
      "1 comment-reworded",
      "2 output-changed",
      "3 tool-upgraded",
      "4 output-reverted",
    ]);
    for (const { builds } of report.steps) {
      expect(builds).toMatchObject([{ kind: "depid-build", assignedBy: "name", discrepancies: [], unknown: [] }]);
    }
    for (const kind of ["executed", "restored"]) {
      expect(report.sums[kind]).toMatchObject({ onlyPredicted: 0, onlyReal: 0, precision: 1, recall: 1 });
      expect(report.sums[kind].both).toBeGreaterThan(0);
    }
    expect(status).toBe(0);
  });

  it("is as right with labels that were written by hand", async () => {
    const outcomes = ["--outcomes", `labels:${join(RECORDED, "../labels.yaml")}`, "--at-least", "1", "--strict"];
    const { status, report } = await verifyJson(...[1, 2, 3, 4].map(kept), ...outcomes);
    expect([status, report.least]).toEqual([0, 1]);
    expect(report.account.unused_labels).toEqual([]);
  });

  it("shows where a prediction that knows nothing of outputs is wrong and what the simulation saw, and exits 1 below --at-least", async () => {
    const { status, stdout, stderr } = await verify(kept(1), kept(2), ...BUILT, "--at-least", "0.9");
    expect(status, stderr).toBe(1);
    expect(stdout).toContain("| step | commit           | recording");
    expect(stdout).toMatch(
      /\n\| +1 \| comment-reworded \| depid-build \.\.\.\S+\/kept\/1\.jsonl \| 3 \/ 11 \/ 0 \| 0 \/ 0 \/ 3 \| +0 \| +14 \|\n/,
    );
    expect(stdout).toContain(
      "kept/1.jsonl: 14 differ\n\n- executed, only predicted: meta-mini/recipes/miniapp_2.0.bb:do_compile\n    simulation: ",
    );
    expect(stdout).toContain("## What decided the outcomes");
    expect(stdout).toMatch(
      /## In sum, 2 recorded builds\n\n(.*\n)*\| restored +\| +0 \| +0 \| +3 \| +none \| +0\.0 % \|\n$/,
    );
    expect((await verify(kept(2), ...BUILT, ...KNOWN, "--at-least", "0.9")).status).toBe(0);
  });

  it("counts tasks that the history does not have at the step as only real: a recording of another step is no clean bill", async () => {
    const { status, report } = await verifyJson(`2=${kept(3)}`, ...KNOWN, "--at-least", "1");
    const [build] = report.steps[0].builds;
    expect(build.agreement.executed.onlyReal).toBeGreaterThan(0);
    expect(build.discrepancies).toContainEqual({
      tid: `${TOOL}:do_compile`,
      kind: "executed",
      how: "only real",
      outside: true,
      saw: ["the history has no such task at this step"],
    });
    expect(build.unknown).toEqual([expect.stringContaining("tasks that the history does not have")]);
    expect(status).toBe(1);
  });

  it("says what a recording does not tell, though all that it tells was predicted", async () => {
    const log = without(await readFile(kept(1), "utf8"), /"end"/).join("\n");
    const { status, stdout, stderr } = await verify(`1=${await put("log", log)}`, ...BUILT, ...KNOWN);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(
      `## What these recordings do not tell\n\n- step 1, ${folder}/log: what ran behind the end of the source: it stops before the build does\n`,
    );
    expect(stdout).toContain("## In sum, 1 recorded build\n");
  });

  it("says of a build that failed that the prediction does not know of it", async () => {
    const log = (await readFile(kept(2), "utf8")).replace('"executed"', '"failed"');
    const { report } = await verifyJson(`2=${await put("log", log)}`, ...KNOWN);
    expect(report.steps[0].builds[0].unknown).toEqual([
      expect.stringMatching(/^what would have run had \S+:do_\S+ not failed, which the prediction does not know$/),
    ]);
  });

  it("takes steps between as built, or with --only-recorded as not built: their changes come with the next", async () => {
    const both = await readFile(kept(2), "utf8");
    const built = await verifyJson(kept(2), ...KNOWN);
    expect(built.report.least).toBe(1);
    expect(built.report.notes).toContainEqual(
      "steps without a recording count as built: 1 (--only-recorded: as not built)",
    );
    const record = await put("2.jsonl", both);
    const { report } = await verifyJson(record, ...KNOWN, "--only-recorded");
    expect(report.steps.map(({ step }: { step: number }) => step)).toEqual([2]);
    expect(report.notes.some((note: string) => note.includes("count as built: 1"))).toBe(false);
  });

  it("goes by what --policy-options say that the policy knows", async () => {
    const options = await put(
      "locks.yaml",
      "format: depid-policy-options/1\npolicies: { locked: { recipes: ['*'] } }\n",
    );
    const asked = [`1=${kept(1)}`, ...KNOWN, "--policy", "locked"];
    const [free, locked] = [await verifyJson(...asked), await verifyJson(...asked, "--policy-options", options)];
    expect(free.report.steps[0].predicted.executed.tids).not.toEqual([]);
    expect(locked.report.steps[0].predicted.executed.tids).toEqual([]);
  });

  it("refuses a recording with no task of the history: there is nothing to hold against it", async () => {
    const log = (await readFile(kept(1), "utf8")).replaceAll(
      /"([^"]*\/)?(\w[\w.-]*)\.bb:do_/g,
      '"/other/$2-of-another.bb:do_',
    );
    const { status, stdout, stderr } = await verify(`1=${await put("log", log)}`, ...KNOWN);
    expect(stderr).toMatch(/^depid: \S*\/log: expected tasks of the history, found \d+ others, such as \S+\n$/m);
    expect([status, stdout]).toEqual([2, ""]);
  });

  it.each<[string, string[], string]>([
    ["no such step", [`7=${kept(1)}`], "expected the number of a step, 0 to 4, or the beginning of its id"],
    ["the first step alone", [`0=${kept(1)}`], "expected a build of a step after the first"],
    ["no such file", ["nowhere.log"], "nowhere.log: cannot be read: no such file or directory"],
    [
      "two policies",
      [kept(1), "--policy", "basichash,equivhash"],
      "--policy: expected one policy, found basichash,equivhash",
    ],
    ["policy options that are missing", [kept(1), "--policy-options", "no.yaml"], "no.yaml: cannot be read as policy"],
    ["a share above 1", [kept(1), "--at-least", "99"], "--at-least"],
    ["outcomes that are none", [kept(1), "--outcomes", "recorded:nothing.db"], "nothing.db"],
  ])("refuses %s with exit status 2", async (_what, args, message) => {
    const { status, stdout, stderr } = await verify(...args);
    expect(stderr).toContain(message);
    expect([status, stdout]).toEqual([2, ""]);
  });
});
