import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countedAs, hashesOf, type Run } from "@depid/run-document";
import { parseRun } from "@depid/run-document/read";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REPOSITORY, runDepid } from "./testing/run-depid.ts";

const MINI = join(REPOSITORY, "examples/meta-mini");
const REPLAY = [
  "replay",
  join(MINI, "recorded/history.jsonl.gz"),
  ...["--outcomes", `labels:${join(MINI, "labels.yaml")}`],
  ...["--durations", join(MINI, "recorded/kept/durations.csv")],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-record-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Replays and records; with what the replay printed. */
async function record(...flags: readonly string[]) {
  const file = join(folder, "run.json");
  const { status, stdout, stderr } = await runDepid(...REPLAY, ...flags, "--json", "--record", file);
  expect([status, stderr]).toEqual([0, expect.stringContaining("replay: step")]);
  const text = await readFile(file, "utf8");
  return { run: parseRun(text, file), text, printed: JSON.parse(stdout) };
}

/** How many tasks of a build each count counts, and their seconds. */
function countCells(run: Run, policy: string, step: number, builder?: string) {
  const build = run.build(policy, step, builder);
  const counts = Object.fromEntries(Object.keys(countedAs).map((name) => [name, 0]));
  const seconds = { ...counts };
  for (const { number } of build === undefined ? [] : run.tasks) {
    const cell = build?.cellOf(number);
    if (cell === undefined) continue;
    for (const [name, isCounted] of Object.entries(countedAs)) {
      if (!isCounted(cell)) continue;
      const { real, setscene } = build?.timeOf(number) ?? {};
      counts[name] = (counts[name] ?? 0) + 1;
      seconds[name] = (seconds[name] ?? 0) + ((name === "restored" ? setscene : real) ?? 0) / 1000;
    }
  }
  return { counts, seconds };
}

describe.each([
  ["in a new build directory", []],
  ["in one that is kept", ["--builder", "persistent"]],
  ["in three threads", ["--jobs", "3"]],
])("a run that is recorded %s", (_where, flags) => {
  let recorded: Awaited<ReturnType<typeof record>>;
  beforeAll(async () => {
    recorded = await record(...flags);
  });

  it("has the report as it was printed", () => {
    expect(recorded.run.replay).toEqual(recorded.printed);
  });

  it("has for each figure of the report the tasks that it counts", () => {
    const { run, printed } = recorded;
    for (const policy of printed.policies) {
      for (const [step, counts] of policy.steps.entries()) {
        const found = countCells(run, policy.name, step);
        expect(found.counts, `${policy.name}, step ${step}`).toEqual(counts);
        for (const [name, seconds] of Object.entries(policy.time.steps[step].serial as Record<string, number | null>))
          if (seconds !== null) expect(found.seconds[name]).toBeCloseTo(seconds, 1);
      }
    }
  });

  it("has the hashes of policies that hash by BitBake's rule, and of no other", async () => {
    const { run } = recorded;
    const known = await Promise.all(
      run.policies.map(async (policy) => {
        const all = run.replay.steps.map(({ step }) => run.build(policy, step));
        const hashes = [];
        for (const { step } of run.replay.steps) {
          const build = run.build(policy, step);
          hashes.push(build !== undefined && (await hashesOf(run, build)) !== undefined);
        }
        return [policy, all.length > 1 && hashes.every((it) => it)] as const;
      }),
    );
    expect(Object.fromEntries(known)).toEqual({
      "rebuild-all": true,
      basic: true,
      basichash: true,
      equivhash: true,
      "equivhash-2018": true,
      clairvoyant: false,
    });
  });

  it("has depids that are not the taskhash where outputs came out as before, under equivhash alone", () => {
    const { run } = recorded;
    const others = run.policies.filter((policy) =>
      run.replay.steps.some(({ step }) => {
        const build = run.build(policy, step);
        return run.tasks.some(({ number }) => build?.depidOf(number) !== undefined);
      }),
    );
    expect(others).toEqual(expect.arrayContaining(["equivhash"]));
    expect(others).not.toContain("basichash");
  });
});

describe("a run of several builders", () => {
  it("has the builds of each, and the tasks of all add up to the figures", async () => {
    const { run, printed } = await record("--topology", join(MINI, "topology.yaml"));
    expect(run.builders.length).toBeGreaterThan(1);
    for (const policy of printed.policies) {
      for (const [step, counts] of policy.steps.entries()) {
        const all = run.builders.map((builder) => countCells(run, policy.name, step, builder).counts);
        const sums = Object.fromEntries(
          Object.keys(counts).map((name) => [name, all.reduce((sum, it) => sum + (it[name] ?? 0), 0)]),
        );
        expect(sums, `${policy.name}, step ${step}`).toEqual(counts);
      }
    }
  });
});

describe("a run that is not right", () => {
  it.each<[string, (run: Record<string, unknown>) => void, RegExp]>([
    [
      "recipes are missing",
      (run) => Object.assign(run, { recipes: [] }),
      /recipes: expected \d+, one for each of tasks, found 0/,
    ],
    ["a task is none", (run) => Object.assign(run, { tasks: ["x"], recipes: ["x"] }), /tasks\[0\]: /],
    ["a field is missing", (run) => Object.assign(run, { cells: undefined }), /cells: /],
  ])("is refused where %s", async (_what, spoil, message) => {
    const { text } = await record();
    const run = JSON.parse(text);
    spoil(run);
    expect(() => parseRun(JSON.stringify(run), "spoilt")).toThrow(message);
  });

  it("of numbers is told when they are asked for", async () => {
    const { text } = await record();
    const run = JSON.parse(text);
    run.builds[0].cell = "AAAA";
    const { policy, step } = run.builds[0];
    const parsed = parseRun(JSON.stringify(run), "spoilt");
    run.builds[0].cell = btoa("\x00\xff\x7f\x01");
    expect(parsed.build(policy, step)?.cellOf(0)).toBeUndefined();
    expect(() => parseRun(JSON.stringify(run), "spoilt").build(policy, step)?.cellOf(0)).toThrow(
      /^spoilt: builds\[0\]\.cell: expected runs of \d+ tasks/,
    );
  });

  it("is an error of the command, and nothing is served", async () => {
    const file = join(folder, "none.json");
    await writeFile(file, '{"format":"depid-run/1"}\n');
    expect(await runDepid("explore", file)).toMatchObject({ status: 2, stdout: "" });
  });
});
