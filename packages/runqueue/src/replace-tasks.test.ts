import { TaskGraph } from "@depid/task-graph";
import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { type BuildPlan, compileBuild, replaceTasks } from "./plan.ts";

const SKETCHES: Record<string, TaskSketch> = {
  "a:do_x": { setscene: true },
  "b:do_x": { deps: ["a:do_x"], setscene: true, stamp: "s/b/1" },
  "c:do_x": { deps: ["b:do_x"] },
};
const graph = () => new TaskGraph(Object.entries(SKETCHES).map(([name, sketch]) => sketchTask(name, sketch)));
const changedRow = (sketch: TaskSketch) => sketchTask("b:do_x", { ...SKETCHES["b:do_x"], ...sketch });

describe("a plan with other rows", () => {
  it.each<[string, TaskSketch]>([
    ["basehash", { basehash: basehashOf("other") }],
    ["files", { files: [["f", "0".repeat(64)]] }],
    ["noexec", { noexec: true }],
    ["version", { version: ":2-r0" }],
  ])("is what compiling gives, where their %s differ", (_what, sketch) => {
    const before = graph();
    const plan = compileBuild(before, { targets: before.tids });
    const row = changedRow(sketch);
    before.apply({ upsert: [row], remove: [] });
    const told = (it: BuildPlan | undefined) => ({ ...it, stamps: it?.stamps() });
    expect(told(replaceTasks(plan, [row]))).toEqual(told(compileBuild(before, { targets: before.tids })));
    expect(plan.tasks).not.toContain(row);
  });

  it.each<[string, TaskSketch]>([
    ["dependencies", { deps: [] }],
    ["hard dependencies", { harddeps: [sketchTask("a:do_x").tid] }],
    ["setscene flag", { setscene: false }],
    ["nostamp flag", { nostamp: true }],
    ["stamp", { stamp: "s/b/2" }],
    ["extra info of the stamp", { stampExtra: "machine" }],
  ])("is to be compiled anew, where their %s differ", (_what, sketch) => {
    const plan = compileBuild(graph(), { targets: graph().tids });
    expect(replaceTasks(plan, [changedRow(sketch)])).toBeUndefined();
  });

  it("is to be compiled anew, where one is new", () => {
    const plan = compileBuild(graph(), { targets: graph().tids });
    expect(replaceTasks(plan, [sketchTask("d:do_x")])).toBeUndefined();
  });
});
