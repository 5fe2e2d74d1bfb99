import { describe, expect, it } from "vitest";
import { compareCaptures } from "./compare.ts";
import { describeChange } from "./describe-change.ts";
import { type CapturedSketch, sketchCapture } from "./testing/index.ts";
import { findExclusion, variableWay } from "./variable-way.ts";

type Variables = NonNullable<CapturedSketch["variables"]>;

function changeOf(before: Variables, after: Variables) {
  const [a, b] = [before, after].map((variables) => sketchCapture({ "x:do_c": { variables } }));
  const [cause] = compareCaptures(a as NonNullable<typeof a>, b as NonNullable<typeof b>).causes;
  return cause?.changes[0];
}

describe("the way of a variable into a hash", () => {
  const task = (variables: Variables) =>
    sketchCapture({ "x:do_c": { variables } }).tasks[0] as NonNullable<
      ReturnType<typeof sketchCapture>["tasks"][number]
    >;

  it.each<[string, Variables, string, readonly string[] | undefined]>([
    ["the task itself", { do_c: "run" }, "do_c", ["do_c"]],
    ["what the task names", { do_c: ["run", ["V"]], V: "1" }, "V", ["do_c", "V"]],
    [
      "the shortest of several ways",
      { do_c: ["run", ["A", "C"]], A: ["a", ["B"]], B: ["b", ["V"]], C: ["c", ["V"]], V: "1" },
      "V",
      ["do_c", "C", "V"],
    ],
    [
      "variables that name each other",
      { do_c: ["run", ["A"]], A: ["a", ["B"]], B: ["b", ["A", "V"]], V: "1" },
      "V",
      ["do_c", "A", "B", "V"],
    ],
    ["nothing", { do_c: "run", V: "1" }, "V", undefined],
  ])("leads through %s", (_, variables, name, way) => {
    expect(variableWay(task(variables), name)).toEqual(way);
  });

  it.each([
    [["do_c", "TAG", "DATETIME", "TIME"], { on: "TAG", variable: "DATETIME" }],
    [["do_c", "DATE"], { on: "do_c", variable: "DATE" }],
    [["do_c", "A", "STAMP"], { on: "A", variable: "STAMP" }],
    [["do_c"], undefined],
  ])("of %j vardepsexclude belongs to %j", (way, exclusion) => {
    expect(findExclusion(way)).toEqual(exclusion);
  });
});

describe("a change of the time of the build", () => {
  it.each<[string, string, string, string]>([
    ["TIME", "192225", "192244", "clock"],
    ["DATE", "20240101", "20240102", "clock"],
    ["IMAGE_TAG", "app-20240101120000-r1", "app-20240101120107-r1", "clock"],
    ["STAMP", "built 2024-01-01T12:00:00Z", "built 2024-01-02T13:00:00+01:00", "clock"],
    ["STAMP", "Mon Jan  1 12:00:00 UTC 2024", "Tue Jan  2 09:30:00 UTC 2024", "clock"],
    ["STAMP", "1704110400", "1704110467", "clock"],
    ["PV", "20240101", "20240201", "version upgrade"],
    ["STAMP", "app-20240101 a", "app-20240102 b", "other metadata"],
    ["STAMP", "12", "13", "other metadata"],
    ["CFLAGS", "-O2", "-O3", "compiler flags"],
  ])("of %s from %j to %j has the class %s", (name, before, after, kind) => {
    const variables = (text: string): Variables => ({ do_c: ["run", [name]], [name]: text });
    expect(changeOf(variables(before), variables(after))?.class.name).toBe(kind);
  });
});

describe("a nostamp task", () => {
  it("is called so", () => {
    const build = (taint: string) => sketchCapture({ "x:do_c": { nostamp: true, taint: `nostamp:${taint}` } });
    const [cause] = compareCaptures(build("a"), build("b")).causes;
    const [change] = cause?.changes ?? [];
    expect([change && describeChange(change.change), cause?.class.reason]).toEqual([
      { what: "nostamp", name: "", how: "task: it runs in every build, with another taint each time" },
      "the task is nostamp: it is tainted anew in each build",
    ]);
  });
});
