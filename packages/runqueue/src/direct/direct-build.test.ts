import { type DepId, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import { createMemoryStore, type StampHash } from "@depid/sstate";
import { type Task, TaskGraph } from "@depid/task-graph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BuilderState, createBuilder } from "../builder.ts";
import { formatBuilder } from "../builder-format.ts";
import { createDepValid, type DepValid } from "../depvalid.ts";
import { compileBuild } from "../plan.ts";
import { NEWEST_RELEASE } from "../release.ts";
import { simulateBuild } from "../simulate.ts";
import type { TaskHashes } from "../task-hashes.ts";
import { tasksOfDrawn } from "../testing/index.ts";
import { buildDirectly } from "./direct-build.ts";
import { StampNumbering, StampSheet } from "./stamp-sheet.ts";
import { TwinWatch } from "./twins.ts";

const drawnTasks = fc.array(
  fc.record({
    recipe: fc.nat({ max: 3 }),
    setscene: fc.nat({ max: 9 }).map((n) => n < 6),
    noexec: fc.nat({ max: 9 }).map((n) => n === 0),
    hard: fc.nat({ max: 3 }).map((n) => n === 0),
    nostamp: fc.nat({ max: 9 }).map((n) => n === 0),
    extra: fc.constantFrom("", "", "", "arch"),
    /** Whether its sources, and so its stamps, are another recipe's as well. */
    shared: fc.nat({ max: 5 }).map((n) => n === 0),
    name: fc.constantFrom("do_x", "do_package", "do_packagedata", "do_populate_sysroot", "do_populate_lic"),
    deps: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 18 },
);
type Drawn = typeof drawnTasks extends fc.Arbitrary<infer T> ? T : never;

const steps = fc.array(
  fc.record({
    /** Of each task how often its metadata was changed. */
    changes: fc.dictionary(fc.nat({ max: 17 }).map(String), fc.nat({ max: 2 }), { maxKeys: 4 }),
    /** The version of all recipes, which is in the names of their stamps. */
    version: fc.nat({ max: 1 }),
    workers: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat({ max: 1000 }),
    isNew: fc.nat({ max: 3 }).map((n) => n === 0),
    lost: fc.nat({ max: 5 }),
  }),
  { minLength: 1, maxLength: 6 },
);
const kinds = fc.record({
  stampHash: fc.constantFrom<StampHash>("none", "taskhash", "depid"),
  depValid: fc.constantFrom<DepValid>(
    createDepValid(),
    createDepValid(["p0->p1"]),
    (task, users, isNotNeeded) => (task.tid.length + users.filter((user) => !isNotNeeded(user)).length) % 2 === 0,
  ),
  mask: fc.constantFrom("*" as const, "*-*" as const),
  allTargets: fc.boolean(),
});

/** Tasks of a graph at a step. */
function tasksAt(drawn: Drawn, version: number): Task[] {
  return tasksOfDrawn(drawn).map((task, i) => {
    const { recipe, nostamp, extra, shared, name } = drawn[i] as Drawn[number];
    const stamp = shared ? `work-shared/src-${version}-r0` : `arch/p${recipe}/${version}-r0`;
    return { ...task, nostamp, stampExtra: extra, stamp, task: shared ? "do_x" : name === "do_x" ? task.task : name };
  });
}

describe("a build that goes directly", () => {
  it("decides what the simulation decides, at the same times, and leaves the same directory", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, steps, kinds, async (drawn, history, { stampHash, depValid, mask, allTargets }) => {
        const store = createMemoryStore();
        const objects = new Set<string>();
        const numbering = new StampNumbering();
        let builder: BuilderState = createBuilder();
        let directory = StampSheet.create(numbering);
        for (const { changes, version, workers, seed, isNew, lost } of history) {
          const graph = new TaskGraph(tasksAt(drawn, version));
          const hashes = hashesAt(graph, changes);
          const hashesOf = (tid: Tid) => hashes.get(tid) as TaskHashes;
          const targets = graph.tids.filter((tid) => allTargets || graph.dependentsOf(tid).length === 0);
          const plan = compileBuild(graph, { targets, release: { ...NEWEST_RELEASE, stampCleanMask: mask } });
          const at = (task: number) => hashesOf(plan.tids[task] as Tid);
          if (new TwinWatch().look(plan, at).areDeferred) return;
          if (isNew) {
            builder = createBuilder();
            directory = StampSheet.create(numbering);
          }
          const durationOf = (tid: Tid, variant: string): number =>
            Number.parseInt(sha256Hex(`${seed} ${tid} ${variant}`).slice(0, 3), 16) * (seed % 3);
          const names = plan.tids.map((tid) => `${tid} ${hashesOf(tid).depid}`);
          for (const [i, name] of [...objects].entries()) {
            if (i % 6 !== lost) continue;
            objects.delete(name);
            await store.remove([name]);
          }
          const built = await simulateBuild(plan, builder, {
            hashesOf,
            stampHash,
            store,
            objectName: ({ tid }, depid) => `${tid} ${depid}`,
            workers,
            depValid,
            durationOf: ({ tid }, variant) => durationOf(tid, variant),
          });
          const course: string[] = [];
          const made: string[] = [];
          const direct = buildDirectly(plan, {
            workers,
            depValid,
            directory,
            numbering,
            stampHashOf: (task) => (stampHash === "none" ? "" : at(task)[stampHash]),
            hasObject: (task) => objects.has(names[task] as string),
            durationOf: (task, variant) => durationOf(plan.tids[task] as Tid, variant),
            onStart: (task) => course.push(`starts ${plan.tids[task]}`),
            onRestored: (task) => course.push(`restored ${plan.tids[task]}`),
            onExecuted: (task) => {
              course.push(`executed ${plan.tids[task]}`);
              if (plan.tasks[task]?.setscene) made.push(names[task] as string);
              return true;
            },
          });
          for (const name of made) objects.add(name);
          const { real, setscene, now } = built.state;
          expect(direct?.went).toEqual(real.went);
          expect(direct?.coveredBy).toEqual(setscene.coveredBy);
          expect(direct?.wallTime).toBe(now);
          const reasons = new Map<Tid, string>();
          const needed = new Set<Tid>();
          const expected: string[] = [];
          const executing = new Set<Tid>();
          for (const event of built.events) {
            if (event.type === "setscene-covered" || event.type === "setscene-notcovered")
              reasons.set(event.tid, event.why);
            if (event.type === "depvalid" && event.needed) needed.add(event.tid);
            if (event.type === "started" && event.variant === "real" && !event.noexec) {
              executing.add(event.tid);
              expected.push(`starts ${event.tid}`);
            }
            if (event.type === "finished" && event.variant === "setscene") expected.push(`restored ${event.tid}`);
            if (event.type === "finished" && event.variant === "real" && executing.has(event.tid))
              expected.push(`executed ${event.tid}`);
          }
          expect(course).toEqual(expected);
          for (const [task, tid] of plan.tids.entries()) {
            expect(direct?.coveredWhy(task) ?? direct?.notCoveredWhy(task)).toBe(reasons.get(tid));
            expect(direct?.needed[task] === 1).toBe(needed.has(tid));
          }
          expect([...objects].sort()).toEqual(await store.list());
          builder = built.builder;
          expect(formatBuilder(directory.toBuilder())).toBe(formatBuilder(builder));
          if (seed % 4 === 0) directory = StampSheet.of(builder, numbering) as StampSheet;
        }
      }),
      { numRuns: Number(process.env.DIRECT_RUNS ?? 150) },
    );
  });
});

/** Hashes of what each task is, how often it was changed, and the hashes below it. */
function hashesAt(graph: TaskGraph, changes: Readonly<Record<string, number>>): Map<Tid, TaskHashes> {
  const hashes = new Map<Tid, TaskHashes>();
  for (const tid of graph.generations.flat()) {
    const below = graph.dependenciesOf(tid).map((dependency) => hashes.get(dependency)?.depid);
    const hash = sha256Hex([tid, changes[/\d+$/.exec(tid)?.[0] ?? ""], ...below].join(" "));
    hashes.set(tid, { taskhash: hash as TaskHash, depid: hash.replace(/^./, "f") as DepId });
  }
  return hashes;
}
