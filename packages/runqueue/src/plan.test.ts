import { TaskGraph } from "@depid/task-graph";
import { sketchGraph, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { findActiveTasks } from "./active.ts";
import { HardDependencyError, PlanError } from "./errors.ts";
import { type BuildPlan, compileBuild, getIndex } from "./plan.ts";
import { findCovers, findUsers } from "./setscene-graph.ts";

/**
 * ```
 * a:fetch -> a:compile -> a:sysroot* -> b:compile -> b:sysroot* -> b:build        * setscene
 *                              `-> a:deploy* -----------------------'
 * ```
 */
const graph = sketchGraph({
  "a:fetch": {},
  "a:compile": { deps: ["a:fetch"] },
  "a:sysroot": { deps: ["a:compile"], setscene: true },
  "a:deploy": { deps: ["a:sysroot"], setscene: true },
  "b:compile": { deps: ["a:sysroot"] },
  "b:sysroot": { deps: ["b:compile"], setscene: true },
  "b:build": { deps: ["b:sysroot", "a:deploy"] },
});
const build = tidOf("b:build");
const name = (plan: BuildPlan, task: number): string => plan.tids[task]?.replace(".bb", "") ?? "";
const flagged = (plan: BuildPlan, flags: Uint8Array): string[] =>
  plan.tids.flatMap((_, i) => (flags[i] === 1 ? [name(plan, i)] : []));

describe("compileBuild", () => {
  const plan = compileBuild(graph, { targets: [build] });
  const around = (find: typeof findUsers, tid: string): string[] =>
    find(plan, getIndex(plan, tidOf(tid))).map((task) => name(plan, task));

  it("users and covers reach through non-setscene tasks only", () => {
    expect(around(findUsers, "a:sysroot")).toEqual(["a:deploy", "b:sysroot"]);
    expect(around(findCovers, "a:sysroot")).toEqual(["a:compile", "a:fetch"]);
    expect(around(findCovers, "b:sysroot")).toEqual(["b:compile"]);
    expect(around(findUsers, "a:deploy")).toEqual([]);
  });
  it("what cannot be skipped ends at the first setscene tasks met", () => {
    expect(flagged(plan, plan.unskippable)).toEqual(["a:deploy", "b:build", "b:sysroot"]);
    expect(flagged(plan, plan.cantSkip)).toEqual(["b:build"]);
  });
  it("weighs tasks by the paths that lead to them", () => {
    expect(plan.tids.map((_, i) => [name(plan, i), plan.weights.get(i)])).toEqual([
      ["a:compile", 25n],
      ["a:deploy", 11n],
      ["a:fetch", 26n],
      ["a:sysroot", 24n],
      ["b:build", 10n],
      ["b:compile", 12n],
      ["b:sysroot", 11n],
    ]);
  });
  it("with noSetscene, there is nothing to restore", () => {
    const bare = compileBuild(graph, { targets: [build], noSetscene: true });
    expect([bare.setsceneCount, flagged(bare, bare.unskippable).length]).toEqual([0, 7]);
  });
  it("is asked for what nothing depends on, if nothing else is said", () => {
    expect(flagged(plan, compileBuild(graph, {}).isTarget)).toEqual(["b:build"]);
  });
  it("looks at active tasks only", () => {
    const active = findActiveTasks(graph, [tidOf("a:compile")]);
    expect([...active]).toEqual([tidOf("a:compile"), tidOf("a:fetch")]);
    const small = compileBuild(graph, { targets: [build], active });
    expect([small.tids, flagged(small, small.isTarget)]).toEqual([[tidOf("a:compile"), tidOf("a:fetch")], []]);
  });
  it.each([
    ["lacks a task", [build]],
    ["has one twice", [...graph.tids.slice(1), build]],
  ])("a given order that %s is an error", (_what, priority) => {
    expect(() => compileBuild(graph, { targets: [build], priority })).toThrow(PlanError);
  });
  const withHard = (harddeps: readonly string[]) =>
    new TaskGraph(
      graph.tasks.map((task) => (task.tid === tidOf("b:sysroot") ? { ...task, harddeps: harddeps.map(tidOf) } : task)),
    );
  const hardOf = (plan: BuildPlan): string[] =>
    (plan.hardDependencies.get(getIndex(plan, tidOf("b:sysroot"))) ?? []).map((task) => name(plan, task));

  it("a hard dependency must be a setscene task of the build", () => {
    expect(hardOf(compileBuild(withHard(["a:sysroot", "a:deploy"]), { targets: [build] }))).toEqual([
      "a:deploy",
      "a:sysroot",
    ]);
    expect(() => compileBuild(withHard(["a:fetch"]), { targets: [build] })).toThrow(HardDependencyError);
    const active = findActiveTasks(graph, [tidOf("b:sysroot")]);
    expect(() => compileBuild(withHard(["a:deploy"]), { targets: [tidOf("b:sysroot")], active })).toThrow(
      HardDependencyError,
    );
  });
  it("one of a recipe that nothing leads to is passed over, and all are with noSetscene", () => {
    expect(hardOf(compileBuild(withHard(["c:sysroot"]), { targets: [build] }))).toEqual([]);
    expect(hardOf(compileBuild(withHard(["a:fetch"]), { targets: [build], noSetscene: true }))).toEqual([]);
  });
});
