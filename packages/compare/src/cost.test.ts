import { createDurations } from "@depid/durations";
import type { Capture, CapturedTask } from "@depid/task-graph";
import { tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { compareCaptures, selectTasks } from "./compare.ts";
import { costOf } from "./cost.ts";
import { diffDocument } from "./diff-document.ts";
import { type DiffReport, formatDiff } from "./format-diff.ts";
import { formatMarkdown } from "./format-markdown.ts";
import { type CapturedSketch, sketchCapture } from "./testing/index.ts";

/** Two recipes, one of them below an application, and a task that does not change and stands between the two in the order alone. */
function build(lib: string, tool: string, more: Readonly<Record<string, CapturedSketch>> = {}): Capture {
  const { header, tasks } = sketchCapture({
    "lib:do_c": { files: [["l.c", lib]], setscene: true },
    "between:do_c": {},
    "tool:do_c": { files: [["t.c", tool]] },
    "app:do_c": { deps: ["lib:do_c"] },
    "app:do_build": { deps: ["app:do_c"], noexec: true },
    ...more,
  });
  const order: Readonly<Record<string, string>> = { between: "lib:do_c", tool: "between:do_c" };
  const waits = ({ pn, execdeps }: CapturedTask) => (order[pn] === undefined ? execdeps : [tidOf(order[pn])]);
  return { header, tasks: tasks.map((task) => ({ ...task, execdeps: waits(task) })) };
}

const durations = createDurations(
  [
    { recipe: "lib", task: "do_c", elapsed: 3600 },
    { recipe: "tool", task: "do_c", elapsed: 600 },
    { recipe: "app", task: "do_c", elapsed: 1800 },
    { recipe: "between", task: "do_c", elapsed: 9000 },
  ],
  { names: ["t.csv"] },
);

function report(old: Capture, young: Capture, workers = 2): DiffReport {
  const comparison = compareCaptures(old, young);
  return {
    before: "A",
    after: "B",
    comparison,
    limit: 10,
    lines: 10,
    cost: costOf(comparison, durations, workers),
  };
}

describe("the hours of a comparison", () => {
  it("are those of the changed tasks, each after what it waits for; what did not change takes none", () => {
    const { cost } = report(build("1", "1"), build("2", "2"));
    expect(cost?.changed).toEqual({ serial: 6000, wall: 5400, critical: 5400 });
    expect(report(build("1", "1"), build("2", "2"), 1).cost?.changed.wall).toBe(6000);
  });

  it("keep the order that a task between gives, which did not change", () => {
    const changed = compareCaptures(build("1", "1"), build("2", "2"));
    const comparison = selectTasks(changed, (name) => /^(lib|tool):/.test(name));
    expect(costOf(comparison, durations, 2).changed).toEqual({ serial: 4200, wall: 4200, critical: 4200 });
  });

  it("are told by cause: all that a cause reaches", () => {
    const { cost, comparison } = report(build("1", "1"), build("2", "2"));
    expect(comparison.causes.map((it) => it.recipe)).toEqual(["lib", "tool"]);
    expect(cost?.causes).toEqual([
      { serial: 5400, wall: 5400, critical: 5400 },
      { serial: 600, wall: 600, critical: 600 },
    ]);
  });

  it("are those of the selected tasks", () => {
    const comparison = selectTasks(compareCaptures(build("1", "1"), build("2", "2")), (name) => name === "app:do_c");
    const cost = costOf(comparison, durations, 1);
    expect([cost.changed.serial, cost.causes.map((it) => it.serial)]).toEqual([1800, [1800]]);
  });

  it("count each executed task by the source of its seconds, and none that is only stamped", () => {
    const young = build("2", "1", { "new:do_c": {}, "new:do_y": {} });
    expect(report(build("1", "1"), young).cost?.sources).toEqual({ measured: 2, variant: 0, task: 1, unknown: 1 });
  });

  it("are those of new tasks, too, apart", () => {
    const { cost } = report(build("1", "1"), build("1", "1", { "lib-native:do_c": {} }));
    expect([cost?.changed.serial, cost?.added.serial, cost?.sources.variant]).toEqual([0, 3600, 1]);
  });

  it("cannot be told where tasks wait for each other", () => {
    const { tasks, header } = build("1", "1");
    const circle = tasks.map((task) => (task.pn === "lib" ? { ...task, execdeps: tasks.map((it) => it.tid) } : task));
    const comparison = compareCaptures(build("1", "1"), { header, tasks: circle });
    expect(() => costOf(comparison, durations, 1)).toThrow("tasks depend on each other");
  });
});

describe("a report with hours", () => {
  const [old, young] = [build("1", "1"), build("2", "2", { "new:do_c": {} })];

  it("tells them in the summary and by cause", () => {
    const text = formatDiff(report(old, young));
    expect(text).toContain(`sstate tasks; 1 new, 0 gone
about 1.7 h serial, 90 min with 2 workers
New tasks: about 45 min serial, 45 min with 2 workers.
Time is an estimate, were all of these tasks executed and nothing restored, with no loss between tasks.
Seconds by the clock from t.csv: 3 measured, 0 by variant, 1 by task name, 0 unknown.
`);
    expect(text).toContain("of them for no other cause\n   about 90 min serial, 90 min with 2 workers\n   entered");
  });

  it("tells them in the title and the table of Markdown, where names are no markup", () => {
    const { cost, ...rest } = report(old, young);
    const text = formatMarkdown({ ...rest, ...(cost && { cost: { ...cost, names: ["<a>.csv", "b"] } }) });
    expect(text).toMatch(
      /^### This change invalidates .* sstate tasks\), about 1\.7 h serial, 90 min with 2 workers\n/,
    );
    expect(text).toContain("Seconds by the clock from `<a>.csv`, `b`: ");
    expect(text).toContain("| for no other cause | serial, with 2 workers | looks like |");
    expect(text).toContain("| 3 (1) | 90 min, 90 min | checksum only, perhaps propagating |");
  });

  it("has them as plain data in seconds", () => {
    const work = { serial: 5400, wall: 5400, critical: 5400 };
    expect(diffDocument(report(old, young))).toMatchObject({
      work: { durations: ["t.csv"], measure: "elapsed", workers: 2, changed: { serial: 6000, wall: 5400 } },
      causes: [{ recipe: "lib", work }, { recipe: "tool" }],
    });
  });

  it("claims nothing without durations", () => {
    const { cost: _, ...without } = report(old, young);
    for (const text of [formatDiff(without), formatMarkdown(without), JSON.stringify(diffDocument(without))])
      expect(text).not.toMatch(/serial|worker|"work"/);
  });
});
