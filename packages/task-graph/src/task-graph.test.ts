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

  it("gives slots for the dependencies in the order of hashing", () => {
    const { tasks, deps, dependents, generation, generations, order } = diamond().hashPlan;
    const tidsOf = (slots: Iterable<number>) => Array.from(slots, (slot) => tasks[slot]?.tid);
    expect(tidsOf(order)).toEqual([A, B, C, D]);
    expect(Array.from(order, (slot) => tidsOf(deps[slot] ?? []))).toEqual([[], [A], [A], [B, C]]);
    expect(Array.from(order, (slot) => tidsOf(dependents[slot] ?? []).sort())).toEqual([[B, C], [D], [D], []]);
    expect([Array.from(order, (slot) => generation[slot]), generations]).toEqual([[0, 1, 1, 2], 3]);
  });

  it("gives a tid the same slot for good", () => {
    const graph = chain();
    const slot = graph.hashPlan.slots.get(C);
    graph.apply({ upsert: [sketchTask("d:do_x")], remove: [C] });
    expect([graph.hashPlan.slots.get(C), graph.hashPlan.tasks[slot ?? -1]]).toEqual([slot, undefined]);
    graph.apply({ upsert: [sketchTask("c:do_x")], remove: [] });
    expect([graph.hashPlan.slots.get(C), graph.hashPlan.tasks[slot ?? -1]?.tid]).toEqual([slot, C]);
  });

  it("gives the present rows after a change that leaves the structure as it is", () => {
    const graph = chain();
    const basehash = () => graph.hashPlan.tasks[graph.hashPlan.slots.get(B) as number]?.basehash;
    expect(basehash()).toBe(basehashOf("b:do_x"));
    graph.apply({ upsert: [sketchTask("b:do_x", { deps: ["a:do_x"], basehash: basehashOf("other") })], remove: [] });
    expect(basehash()).toBe(basehashOf("other"));
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

  it("one after the other gives what each capture gives anew, and a circle is refused as it is there", () => {
    fc.assert(
      fc.property(fc.array(anyCaptures(), { maxLength: 6 }), (all) => {
        const graph = new TaskGraph([]);
        let last: readonly Task[] = [];
        for (const rows of all) {
          const anew = caught(() => new TaskGraph(rows));
          const applied = caught(() => graph.apply(changeTo(last, rows)));
          expect(applied instanceof CycleError).toBe(anew instanceof CycleError);
          if (anew instanceof TaskGraph) last = rows;
          expect(sameGraph(graph, new TaskGraph(last))).toBe(true);
          expect(planOf(graph)).toEqual(planOf(new TaskGraph(last)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("that makes a task depend on itself is refused, and the capture stays", () => {
    const graph = chain();
    const row = sketchTask("b:do_x", { deps: ["b:do_x"] });
    expect(() => graph.apply({ upsert: [sketchTask("d:do_x"), row], remove: [] })).toThrow("b.bb:do_x -> b.bb:do_x");
    expect(sameGraph(graph, chain())).toBe(true);
  });
});

/** The change from one list of rows to another, with all rows of the latter. */
function changeTo(before: readonly Task[], after: readonly Task[]): CaptureChange {
  const present = new Set(after.map(({ tid }) => tid));
  return { upsert: after, remove: before.flatMap(({ tid }) => (present.has(tid) ? [] : [tid])) };
}

function caught<T>(make: () => T): T | Error {
  try {
    return make();
  } catch (error) {
    return error as Error;
  }
}

/** A plan without slots, which tell how a graph came about. */
function planOf({ hashPlan }: TaskGraph) {
  const { tasks, slots, order, places, generation, generations, deps, dependents } = hashPlan;
  const tidOfSlot = (slot: number) => tasks[slot]?.tid;
  const rows = Array.from(order, (slot) => ({
    task: tasks[slot],
    found: slots.get(tidOfSlot(slot) as Tid) === slot,
    place: places[slot],
    generation: generation[slot],
    deps: deps[slot]?.map(tidOfSlot),
    dependents: new Set(dependents[slot]?.map(tidOfSlot)),
    several: dependents[slot]?.length,
  }));
  return { rows, generations };
}

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

/** Captures of up to six tasks that depend on any others, themselves excepted: in circles too. */
function anyCaptures(): fc.Arbitrary<Task[]> {
  const row = fc.record({ there: fc.boolean(), hash: fc.nat(63), exec: fc.nat(63), dense: fc.boolean() });
  return fc.array(row, { minLength: 6, maxLength: 6 }).map((rows) =>
    rows.flatMap(({ there, hash, exec, dense }, i) => {
      if (!there) return [];
      const sparse = dense ? 63 : 1 << (hash % 6);
      const pick = (bits: number) =>
        rows.flatMap((dep, k) => (k !== i && dep.there && bits & sparse & (1 << k) ? [tidOf(`t${k}:do_x`)] : []));
      return [{ ...sketchTask(`t${i}:do_x`), hashdeps: pick(hash), execdeps: pick(exec) }];
    }),
  );
}
