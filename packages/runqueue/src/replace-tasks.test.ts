import { diffCaptures, TaskGraph } from "@depid/task-graph";
import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findActiveTasks } from "./active.ts";
import { type BuildPlan, compileBuild, type PlanOptions, replaceTasks } from "./plan.ts";

const SKETCHES: Record<string, TaskSketch> = {
  "a:do_x": { setscene: true },
  "b:do_x": { deps: ["a:do_x"], setscene: true, stamp: "s/b/1" },
  "c:do_x": { deps: ["b:do_x"] },
};
const graph = () => new TaskGraph(Object.entries(SKETCHES).map(([name, sketch]) => sketchTask(name, sketch)));
const changedRow = (sketch: TaskSketch) => sketchTask("b:do_x", { ...SKETCHES["b:do_x"], ...sketch });

/** All that a plan says. Recipes have other numbers in other graphs: what counts is which tasks are in the same one. */
function told(plan: BuildPlan | undefined) {
  if (plan === undefined) return undefined;
  const { tids, indices, setsceneTids, weights, recipe, dependencies, dependents } = plan;
  return {
    ...plan,
    dependencies: [[...dependencies.start], [...dependencies.list]],
    dependents: [[...dependents.start], [...dependents.list]],
    stamps: plan.stamps(),
    hashEdges: made(plan.hashEdges),
    indices: tids.map((tid) => indices.get(tid)),
    setsceneTids: [setsceneTids.size, tids.filter((tid) => setsceneTids.has(tid))],
    weights: tids.map((_, task) => weights.get(task)),
    recipe: Array.from(recipe, (number) => recipe.indexOf(number)),
  };
}

/** What is made when it is asked for, or why it is not. */
function made<T>(make: () => T): T | unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}

/** Up to five tasks that are there or not, each of which depends on earlier ones. */
const captures = fc
  .array(
    fc.record({ there: fc.boolean(), deps: fc.nat(31), hard: fc.nat(31), setscene: fc.boolean(), recipe: fc.nat(2) }),
    { minLength: 5, maxLength: 5 },
  )
  .map((rows) => {
    const names = rows.map(({ recipe }, i) => `r${recipe}:do_x${i}`);
    return rows.flatMap(({ there, deps, hard, setscene }, i) => {
      if (!there) return [];
      const pick = (bits: number) => names.filter((_, k) => k < i && rows[k]?.there && bits & (1 << k));
      const harddeps = pick(hard).filter((name) => rows[names.indexOf(name)]?.setscene);
      const sketch = { deps: pick(deps), setscene, harddeps: harddeps.map((name) => sketchTask(name).tid) };
      return [sketchTask(names[i] as string, sketch)];
    });
  });

describe("a plan of a graph that has followed changes", () => {
  it("is that of a graph that is made of the same tasks", () => {
    fc.assert(
      fc.property(fc.array(captures, { minLength: 1, maxLength: 5 }), fc.boolean(), (all, isPart) => {
        const graph = new TaskGraph([]);
        for (const rows of all) {
          const anew = new TaskGraph(rows);
          graph.apply(diffCaptures(graph, anew));
          const active = isPart ? { active: findActiveTasks(graph, graph.tids.slice(0, 2)) } : {};
          expect(compiled(graph, active)).toEqual(compiled(anew, active));
        }
      }),
    );
  });
});

/** What a plan says, or why there is none. */
function compiled(graph: TaskGraph, options: PlanOptions) {
  return made(() => told(compileBuild(graph, options)));
}

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
    expect(told(replaceTasks(plan, [row]))).toEqual(told(compileBuild(before, { targets: before.tids })));
    expect(plan.tasks).not.toContain(row);
  });

  it("is what compiling gives, where they hash others than before", () => {
    const before = graph();
    const plan = compileBuild(before, { targets: before.tids });
    const edges = plan.hashEdges();
    const row = { ...changedRow({}), hashdeps: [] };
    const replaced = replaceTasks(plan, [row]);
    before.apply({ upsert: [row], remove: [] });
    expect(told(replaced)).toEqual(told(compileBuild(before, { targets: before.tids })));
    expect(replaced?.hashEdges()).not.toEqual(edges);
    expect(plan.hashEdges()).toBe(edges);
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
