import { createDurations, type DurationRecord } from "@depid/durations";
import { assumedSettings, type History } from "@depid/task-graph";
import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { createLabelSource, type Label } from "../outcomes/labels.ts";
import { accountFor } from "../outcomes/outcome-account.ts";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { neutral, type OutcomeBound, pessimistic } from "../outcomes/outcome-model.ts";
import { pluginPolicy } from "../policies/plugin.ts";
import type { Policy } from "../policies/policy.ts";
import { getPolicy } from "../policies/registry.ts";
import { replayHistory } from "../replay.ts";
import { createTableService, sketchHistory } from "../testing/index.ts";
import { describeDurations } from "./durations-used.ts";
import { formatReplay } from "./format-replay.ts";
import { NeedlessTally } from "./needless.ts";
import { replayDocument } from "./replay-document.ts";
import type { ReplayReport, Sensitivity } from "./replay-report.ts";
import { StaleWatch } from "./unsound.ts";
import { verdictOf } from "./verdict.ts";

/**
 * A tool, a library that uses it and an application that uses the library:
 * `tool:do_compile -> tool:do_sysroot* -> lib:do_compile -> lib:do_sysroot* -> app:do_compile -> app:do_package*` (* can be restored).
 */
const TASKS: Record<string, TaskSketch> = {
  "tool:do_compile": {},
  "tool:do_sysroot": { deps: ["tool:do_compile"], setscene: true },
  "lib:do_compile": { deps: ["tool:do_sysroot"] },
  "lib:do_sysroot": { deps: ["lib:do_compile"], setscene: true },
  "app:do_compile": { deps: ["lib:do_sysroot"] },
  "app:do_package": { deps: ["app:do_compile"], setscene: true },
};
const COMMITS = ["", "aaaaaaa1", "bbbbbbb2"];

/** The tool changes, then the library does. */
function history(): History {
  const changed = (name: string) => ({ upsert: [sketchTask(name, { ...TASKS[name], basehash: basehashOf("other") })] });
  const first = Object.entries(TASKS).map(([name, sketch]) => sketchTask(name, sketch));
  const { header, steps } = sketchHistory(first, changed("tool:do_compile"), changed("lib:do_compile"));
  const named = steps.map((step, i) => {
    const id = COMMITS[i] || "first00";
    return { ...step, id, commits: [{ id, title: ["start", "tool: reword a comment", "lib: fix it"][i] ?? "" }] };
  });
  return { header, steps: named };
}

const run = (recipe: string, task: string, elapsed: number): DurationRecord => ({ recipe, task, elapsed });
/** What stands in: 2,700 s for app:do_compile, 60 for tool:do_sysroot, 1,800 for app:do_package. */
const MEASURED = [run("tool", "do_compile", 1800), run("lib", "do_compile", 3600), run("lib", "do_sysroot", 60)];

interface Asked {
  readonly policies?: readonly Policy[];
  readonly labels?: readonly Label[];
  readonly bound?: OutcomeBound;
  readonly builder?: "fresh" | "persistent";
  readonly durations?: readonly DurationRecord[];
  readonly of?: History;
}

const POLICIES = ["rebuild-all", "basic", "basichash", "equivhash", "clairvoyant"].map((name) => getPolicy(name));

async function replay({
  policies = POLICIES,
  labels,
  bound = neutral,
  builder = "fresh",
  of = history(),
  ...rest
}: Asked): Promise<ReplayReport> {
  const durations = rest.durations === undefined ? undefined : createDurations(rest.durations, { names: ["monday"] });
  const secondsOf: Parameters<typeof replayHistory>[1]["secondsOf"] =
    durations && ((task, variant) => durations.durationOf(task, variant).seconds);
  const needless = new NeedlessTally(secondsOf);
  const stale = new StaleWatch();
  const labelled = labels === undefined ? [] : [createLabelSource({ otherwise: "neutral", labels }, "labels:l.yaml")];
  const outcomes = new OutcomeChain(labelled, bound);
  const setting = { builder, workers: 2, seed: 0 };
  const result = await replayHistory(of, {
    ...setting,
    policies,
    outcomes,
    service: createTableService(),
    namespace: "report",
    ...(secondsOf === undefined ? {} : { secondsOf }),
    onBuild(build) {
      needless.add(build);
      stale.add(build);
    },
  });
  return {
    source: "h.jsonl",
    history: of,
    setting: { ...setting, outcomes: "l.yaml" },
    result,
    account: accountFor(outcomes, result.decisions, []),
    needless: needless.of(policies.map((it) => it.name)),
    unsound: stale.of(result.policies),
    ...(durations === undefined ? {} : { durations: describeDurations(durations, of) }),
  };
}

const label = (commit: string, outcome: Label["outcome"], sure: boolean): Label => ({
  commit,
  outcome,
  reason: "read",
  sure,
});
/** A generator that leaves dependencies out of its hashes. */
const blind = pluginPolicy("blind.mjs", () => ({
  name: "blind",
  stampHash: "taskhash",
  taskhash: ({ basehash }) => basehash as never,
  depids: (tasks) => tasks.map(({ taskhash }) => taskhash as never),
}));

describe("a replay says first", () => {
  it("what each policy runs, in tasks, hours and wall time, and what it saves against basichash", async () => {
    const labels = [label("aaaaaaa", "neutral", true), label("bbbbbbb", "propagating", true)];
    expect(verdictOf(await replay({ labels, durations: MEASURED }))).toEqual([
      "basichash and basic run 10 tasks, 5.1 h, 2.5 h a build (needless: 6, 2.8 h). Rebuilding all would run 12, 5.6 h, 2.8 h a build.",
      "equivhash runs 6 tasks, 2.8 h, 84 min a build (needless: 2, 31 min): saves 4 tasks (40%) and 2.3 h (45%) against basichash.",
      "The ideal, which knows all outputs beforehand (clairvoyant), runs 4 tasks, 2.3 h, 68 min a build: saves 6 tasks (60%) and 2.8 h (55%) against basichash.",
      "Most needless with equivhash, by recipe: tool 31 min (2 tasks); by change: 31 min (2 tasks) after aaaaaaa1 tool: reword a comment.",
    ]);
  });

  it("tasks alone where no durations were given, and how to get hours", async () => {
    const report = await replay({ policies: [getPolicy("basichash"), getPolicy("equivhash")] });
    expect(verdictOf(report).slice(0, 2)).toEqual([
      "basichash runs 10 tasks (needless: 10).",
      "equivhash runs 4 tasks (needless: 4): saves 6 tasks (60%) against basichash.",
    ]);
    expect(formatReplay(report)).toContain("--durations FILE tells how long tasks take");
  });

  it("that a policy costs more, as plainly as that it saves", async () => {
    const both = {
      upsert: ["tool:do_compile", "lib:do_compile"].map((name) =>
        sketchTask(name, { ...TASKS[name], basehash: basehashOf("1") }),
      ),
    };
    const first = Object.entries(TASKS).map(([name, sketch]) => sketchTask(name, sketch));
    const report = await replay({
      of: sketchHistory(first, both, {}),
      policies: [getPolicy("basichash"), getPolicy("equivhash-2018")],
      durations: MEASURED,
    });
    expect(verdictOf(report)[1]).toMatch(
      /^equivhash-2018 runs 10 tasks, .*: costs 4 tasks MORE \(\+67%\) and 2\.3 h MORE \(\+81%\) against basichash\.$/,
    );
  });

  it("that nothing is known of outputs, and on which side that errs", async () => {
    const policies = [getPolicy("basichash")];
    expect(verdictOf(await replay({ policies, bound: pessimistic })).at(-1)).toMatch(
      /^Nothing is known of outputs: all 2 changes .* \(pessimistic\), so what is needed is the most it can be\. --outcomes/,
    );
    expect(verdictOf(await replay({ policies, bound: neutral }))[1]).toMatch(
      /\(neutral\), so what is needed is the least/,
    );
  });

  it("how many changes rest on unsure labels, and the range if these are wrong", async () => {
    const unsure = [label("aaaaaaa", "neutral", true), label("bbbbbbb", "neutral", false)];
    const report = await replay({ labels: unsure });
    expect(verdictOf(report)[3]).toBe(
      "Not sure: of 2 changes of tasks' own inputs, 1 rest on unsure labels. --sensitivity tells what comes of it if these are wrong.",
    );
    const turned = await replay({
      labels: [label("aaaaaaa", "neutral", true), label("bbbbbbb", "propagating", false)],
    });
    const sensitivity: Sensitivity = [{ model: "turned", definition: "", turnsUnsure: true, result: turned.result }];
    expect(verdictOf({ ...report, sensitivity })[3]).toBe(
      "Not sure: of 2 changes of tasks' own inputs, 1 rest on unsure labels. Range, with unsure labels all neutral to all propagating: equivhash saves 4 to 6 tasks; the ideal runs 0 to 4 tasks.",
    );
  });

  it("that there is nothing to compare in a history of one state", async () => {
    const whole = history();
    const report = await replay({ of: { ...whole, steps: whole.steps.slice(0, 1) } });
    expect(verdictOf(report)).toEqual([
      "The history has one state, which only fills the caches: there is nothing to compare.",
    ]);
  });
});

describe("stale reuse", () => {
  it("by a generator that leaves dependencies out is UNSOUND before all else, with the first step, task and reason", async () => {
    const report = await replay({ policies: [blind, getPolicy("basichash")], bound: pessimistic });
    expect(report.unsound).toEqual([
      {
        policy: "blind.mjs",
        step: 1,
        id: "aaaaaaa1",
        title: "tool: reword a comment",
        task: "tool:do_sysroot",
        why: "object",
        stale: 6,
      },
    ]);
    expect(formatReplay(report).split("\n\n")[0]?.replaceAll("\n", " ")).toBe(
      "UNSOUND: blind.mjs reuses 6 outputs of tasks that a clean build makes otherwise. First in step 1 (aaaaaaa1 tool: reword a comment), tool:do_sysroot: it was restored, and the object found for its hash holds another output than a clean build makes.",
    );
    expect(verdictOf(report)[1]).toMatch(/against basichash\. UNSOUND: 6 of what it reuses is wrong\.$/);
  });

  it("by basic is no surprise: it is told with what basic saves", async () => {
    const policies = [getPolicy("basic"), getPolicy("basichash")];
    const report = await replay({ policies, bound: pessimistic, builder: "persistent" });
    expect(report.unsound).toEqual([]);
    expect(formatReplay(report)).toMatch(/^# Replay of h\.jsonl\n/);
    expect(verdictOf(report)[1]).toMatch(/6 of what it reuses is wrong, as is known of basic\.$/);
  });
});

describe("the text of a replay", () => {
  it("has counts and hours side by side, and wall time of the builds", async () => {
    const text = formatReplay(await replay({ durations: [...MEASURED, run("lib", "do_sysroot_setscene", 6)] }));
    expect(text).toContain(`\
| policy      | executed |   h | restored |    h | avoided |   h | needless |   h | timing |  h | stale |`);
    const row = /^\| equivhash .*$/m
      .exec(text)?.[0]
      .split("|")
      .map((it) => it.trim());
    expect(row?.slice(1, -1)).toEqual(["equivhash", "4", "1.5", "4", "<0.1", "8", "4.0", "4", "1.5", "0", "0", "0"]);
    expect(text).toContain("## What a build takes from begin to end, with 2 workers");
  });

  it("says that restoring takes an unknown time where no setscene task was measured: not zero", async () => {
    const text = formatReplay(await replay({ durations: MEASURED }));
    expect(text).toContain("Restoring: unknown (?).");
    const row = /^\| equivhash .*$/m
      .exec(text)?.[0]
      .split("|")
      .map((it) => it.trim());
    expect(row?.slice(4, 6)).toEqual(["4", "?"]);
  });

  it("says where durations come from, and what is assumed of a history without settings", async () => {
    const text = formatReplay(await replay({ durations: MEASURED })).replaceAll("\n  ", " ");
    expect(text).toContain(
      "durations: monday, seconds by the clock. Of the history's tasks: 3 measured, 0 by variant, 2",
    );
    expect(text).toContain("- assumed: the settings of OE-Core, as the history records none");
    expect(text).toContain("depid verify holds it against builds of yours");
    const { header, steps } = history();
    const recorded = {
      header,
      steps: steps.map((step, i) => (i === 0 ? { ...step, settings: assumedSettings } : step)),
    };
    expect(formatReplay(await replay({ of: recorded }))).not.toContain("assumed:");
  });

  it("has a table for each step only if it is asked for", async () => {
    const report = await replay({ durations: MEASURED });
    expect(formatReplay(report)).not.toContain("## Step by step");
    const text = formatReplay(report, { steps: true });
    expect(text.match(/^### Step .*$/gm)).toEqual([
      "### Step 0: first00 start; 6 rows changed",
      "### Step 1: aaaaaaa1 tool: reword a comment; 1 row changed",
      "### Step 2: bbbbbbb2 lib: fix it; 1 row changed",
    ]);
    expect(formatReplay(await replay({}), { steps: true })).toMatch(/^\| basichash .*\n/m);
  });

  it("keeps to 118 columns but for tables", async () => {
    const text = formatReplay(await replay({ durations: MEASURED }), { steps: true });
    const long = text.split("\n").filter((line) => line.length > 118 && !line.startsWith("|"));
    expect(long).toEqual([]);
  });
});

describe("the document of a replay", () => {
  it("has the same bytes for the same replay", async () => {
    const once = async () => JSON.stringify(replayDocument(await replay({ durations: MEASURED })));
    expect(await once()).toBe(await once());
  });

  it("has times beside counts, unknown ones as null, needless work by recipe, and the verdict", async () => {
    const report = await replay({ policies: [getPolicy("basichash")], durations: MEASURED });
    expect(replayDocument(report)).toMatchObject({
      unsound: [],
      verdict: verdictOf(report),
      durations: { names: ["monday"], measure: "elapsed", knowsRestoring: false, shares: { real: { measured: 3 } } },
      assumed: [expect.stringContaining("OE-Core"), expect.stringContaining("depid verify")],
      policies: [
        { name: "basichash", time: { sum: { serial: { executed: 18180, restored: null, noexec: 0 }, wall: 18180 } } },
      ],
      needless: [{ policy: "basichash", recipes: [{ recipe: "app", tasks: 4, seconds: 9000 }, {}, {}] }],
    });
  });

  it("has no times where durations are not known", async () => {
    const document = replayDocument(await replay({ policies: [getPolicy("basichash")] }));
    expect(document).toMatchObject({ durations: null, needless: [{ recipes: [{ seconds: null }, {}, {}] }] });
    expect(document).not.toHaveProperty("policies[0].time");
  });
});
