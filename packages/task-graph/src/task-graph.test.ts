import type { Tid } from "@depid/hash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CaptureChange, sameTask } from "./change.ts";
import { diffCaptures } from "./diff-captures.ts";
import { ChangeError, CycleError, UnknownTaskError } from "./errors.ts";
import type { Task } from "./task.ts";
import { TaskGraph } from "./task-graph.ts";
import { basehashOf, chain, diamond, sketchGraph, sketchTask, tidOf } from "./testing/index.ts";

const [A, B, C, D] = ["a:do_x", "b:do_x", "c:do_x", "d:do_x"].map(tidOf) as [Tid, Tid, Tid, Tid];

describe("a task graph", () => {
  it("knows what a task depends on and what depends on it", () => {
    expect(diamond().dependenciesOf(D)).toEqual([B, C]);
    expect(diamond().dependentsOf(A)).toEqual([B, C]);
  });

  it("tells hash dependencies from execution dependencies", () => {
    const graph = new TaskGraph([
      sketchTask("a:do_x"),
      { ...sketchTask("b:do_x", { deps: ["a:do_x"] }), hashdeps: [] },
    ]);
    expect(graph.dependenciesOf(B)).toEqual([A]);
    expect(graph.dependenciesOf(B, "hash")).toEqual([]);
    expect(graph.hashConeOf([A])).toEqual([A]);
  });

  it("lays tasks out in generations, each depending only on earlier ones", () => {
    expect(diamond().generations).toEqual([[A], [B, C], [D]]);
  });

  it("gives positions for the dependencies in the order of hashing", () => {
    const { tasks, deps, dependents, generation, generationEnds } = diamond().hashPlan;
    expect(tasks.map((task) => task.tid)).toEqual([A, B, C, D]);
    expect([[...deps.start], [...deps.list]]).toEqual([
      [0, 0, 1, 2, 4],
      [0, 0, 1, 2],
    ]);
    expect([[...dependents.start], [...dependents.list]]).toEqual([
      [0, 2, 3, 4, 4],
      [1, 2, 3, 3],
    ]);
    expect([[...generation], generationEnds]).toEqual([
      [0, 1, 1, 2],
      [1, 3, 4],
    ]);
  });

  it("gives the present rows after a change that leaves the structure as it is", () => {
    const graph = chain();
    expect(graph.hashPlan.tasks[1]?.basehash).toBe(basehashOf("b:do_x"));
    graph.apply({ upsert: [sketchTask("b:do_x", { deps: ["a:do_x"], basehash: basehashOf("other") })], remove: [] });
    expect(graph.hashPlan.tasks[1]?.basehash).toBe(basehashOf("other"));
  });

  it("names the tasks of a cycle", () => {
    const build = () =>
      sketchGraph({ "a:do_x": { deps: ["c:do_x"] }, "b:do_x": { deps: ["a:do_x"] }, "c:do_x": { deps: ["b:do_x"] } });
    expect(build).toThrow(CycleError);
    expect(build).toThrow("tasks depend on each other: a.bb:do_x -> c.bb:do_x -> b.bb:do_x -> a.bb:do_x");
  });

  it("refuses a task that depends on itself", () => {
    expect(() => sketchGraph({ "a:do_x": { deps: ["a:do_x"] } })).toThrow("a.bb:do_x -> a.bb:do_x");
  });

  it("refuses a dependency that is not there, and a task listed twice", () => {
    expect(() => sketchGraph({ "a:do_x": { deps: ["b:do_x"] } })).toThrow(UnknownTaskError);
    expect(() => new TaskGraph([sketchTask("a:do_x"), sketchTask("a:do_x")])).toThrow(/a\.bb:do_x is listed twice/);
  });
});

describe("a change of a capture", () => {
  it("reaches the cone above it and nothing else", () => {
    expect(diamond().hashConeOf([B])).toEqual([B, D]);
  });

  it("leaves the capture as it was when it makes a cycle", () => {
    const graph = chain();
    const before = graph.tasks;
    expect(() => graph.apply({ upsert: [sketchTask("a:do_x", { deps: ["c:do_x"] })], remove: [] })).toThrow(CycleError);
    expect(graph.tasks).toEqual(before);
    expect(graph.generations).toEqual([[A], [B], [C]]);
  });

  it.each<[string, CaptureChange, typeof ChangeError | typeof UnknownTaskError]>([
    ["removes a task that is not there", { upsert: [], remove: [D] }, ChangeError],
    ["removes and upserts the same task", { upsert: [sketchTask("c:do_x")], remove: [C] }, ChangeError],
    ["removes a task twice", { upsert: [], remove: [C, C] }, ChangeError],
    ["removes what another task depends on", { upsert: [], remove: [A] }, UnknownTaskError],
    [
      "adds a dependency that is not there",
      { upsert: [sketchTask("c:do_x", { deps: ["z:do_x"] })], remove: [] },
      UnknownTaskError,
    ],
  ])("that %s is refused, and the capture stays", (_what, change, error) => {
    const graph = chain();
    const before = graph.tasks;
    expect(() => graph.apply(change)).toThrow(error);
    expect(graph.tasks).toEqual(before);
  });

  it("applied to the earlier capture gives the later one, and its inverse the earlier one again", () => {
    fc.assert(
      fc.property(captures(), captures(), (before, after) => {
        const graph = new TaskGraph(before);
        const goal = new TaskGraph(after);
        const inverse = graph.apply(diffCaptures(graph, goal));
        const forth = sameGraph(graph, goal);
        graph.apply(inverse);
        return forth && sameGraph(graph, new TaskGraph(before));
      }),
    );
  });
});

function sameGraph(a: TaskGraph, b: TaskGraph): boolean {
  const edges = (graph: TaskGraph) =>
    graph.tids.map((tid) => [
      graph.dependenciesOf(tid, "hash"),
      graph.dependenciesOf(tid),
      graph.dependentsOf(tid, "any"),
    ]);
  return (
    a.size === b.size &&
    a.hasSetscene === b.hasSetscene &&
    a.tasks.every((task, i) => sameTask(task, b.tasks[i] as Task)) &&
    JSON.stringify([edges(a), a.generations]) === JSON.stringify([edges(b), b.generations])
  );
}

/** Captures of up to six tasks in which a task depends on earlier ones only. */
function captures(): fc.Arbitrary<Task[]> {
  const row = fc.record({
    there: fc.boolean(),
    hash: fc.nat(63),
    exec: fc.nat(63),
    own: fc.nat(2),
    setscene: fc.boolean(),
  });
  return fc.array(row, { minLength: 6, maxLength: 6 }).map((rows) =>
    rows.flatMap(({ there, hash, exec, own, setscene }, i) => {
      if (!there) return [];
      const pick = (bits: number) =>
        rows.flatMap((dep, k) => (k < i && dep.there && bits & (1 << k) ? [tidOf(`t${k}:do_x`)] : []));
      const task = sketchTask(`t${i}:do_x`, { basehash: basehashOf(String(own)), setscene });
      return [{ ...task, hashdeps: pick(hash), execdeps: pick(exec) }];
    }),
  );
}
