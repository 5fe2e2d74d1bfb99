import { sha256Hex } from "@depid/hash";
import { TaskGraph } from "@depid/task-graph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BuildPlan, compileBuild, replaceTasks } from "../plan.ts";
import { tasksOfDrawn } from "../testing/index.ts";
import { buildDirectly, type DirectBuild, type DirectWorld } from "./direct-build.ts";
import { DirectMemo, type RememberedWorld } from "./direct-memo.ts";
import { StampNumbering } from "./stamp-sheet.ts";

const drawnTasks = fc.array(
  fc.record({
    recipe: fc.nat({ max: 4 }),
    setscene: fc.nat({ max: 9 }).map((n) => n < 7),
    noexec: fc.nat({ max: 9 }).map((n) => n === 0),
    hard: fc.nat({ max: 3 }).map((n) => n === 0),
    deps: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 4 }),
  }),
  { minLength: 2, maxLength: 18 },
);
const builds = fc.array(
  fc.record({
    /** Which objects there are, by place; any other is there. */
    lost: fc.uniqueArray(fc.nat({ max: 17 }), { maxLength: 2 }),
    workers: fc.integer({ min: 1, max: 2 }),
    times: fc.nat({ max: 2 }),
    /** A task that has something to execute no more, or has again. */
    noexec: fc.option(fc.nat({ max: 17 })),
    /** A task whose report is answered otherwise: then the build is given up. */
    givenUpAt: fc.option(fc.nat({ max: 17 })),
  }),
  { minLength: 2, maxLength: 10 },
);

/** What is below what was restored is needed by nobody. */
const needsNothing = () => true;
const TIMES = [{}, {}, undefined];

describe("builds that are remembered", () => {
  it("go as they do anew, and tell the same in the same order", () => {
    fc.assert(
      fc.property(drawnTasks, builds, (drawn, all) => {
        const numbering = new StampNumbering();
        const memo = new DirectMemo();
        let plan = compileBuild(new TaskGraph(tasksOfDrawn(drawn)), {});
        for (const { lost, workers, times, noexec, givenUpAt } of all) {
          if (noexec !== null) plan = withNoexec(plan, noexec % plan.size);
          const durations = TIMES[times];
          const seed = times;
          const world = (told: string[]): DirectWorld => ({
            numbering,
            workers,
            stampHashOf: () => "x",
            hasObject: (task) => !lost.includes(task),
            ...(durations && {
              durationOf: (task, variant) => Number.parseInt(sha256Hex(`${seed} ${task} ${variant}`).slice(0, 3), 16),
            }),
            onStart: (task) => told.push(`starts ${task}`),
            onRestored: (task) => told.push(`restored ${task}`),
            onExecuted: (task) => {
              told.push(`executed ${task}`);
              return task !== givenUpAt;
            },
          });
          const [expected, told] = [[] as string[], [] as string[]];
          const anew = buildDirectly(plan, world(expected));
          const build = memo.build(plan, { ...world(told), durations });
          expect(told).toEqual(expected);
          expect(shown(build)).toEqual(shown(anew));
        }
      }),
      { numRuns: Number(process.env.DIRECT_RUNS ?? 300) },
    );
  });

  const plan = compileBuild(new TaskGraph(tasksOfDrawn(chain(6))), {});
  const worldWith = (isThere: (task: number) => boolean, more: Partial<RememberedWorld> = {}): RememberedWorld => ({
    numbering: new StampNumbering(),
    stampHashOf: () => "x",
    hasObject: isThere,
    depValid: needsNothing,
    ...more,
  });

  it("are those whose questions are answered alike, whatever else there is", () => {
    const memo = new DirectMemo();
    const asked = new Set<number>();
    const first = memo.build(
      plan,
      worldWith((task) => {
        asked.add(task);
        return true;
      }),
    );
    const notAsked = plan.tids.map((_, task) => task).filter((task) => !asked.has(task));
    expect(notAsked).not.toEqual([]);
    const second = memo.build(
      plan,
      worldWith((task) => !notAsked.includes(task)),
    );
    expect(second?.went).toBe(first?.went);
  });

  it("are not those of other times that nobody named, nor of other workers", () => {
    const memo = new DirectMemo();
    const first = memo.build(
      plan,
      worldWith(() => false),
    );
    const timed = memo.build(
      plan,
      worldWith(() => false, { durationOf: () => 7 }),
    );
    const busy = memo.build(
      plan,
      worldWith(() => false, { workers: 3 }),
    );
    expect(first?.wallTime).not.toBe(timed?.wallTime);
    expect([timed?.went, busy?.went]).not.toContain(first?.went);
  });
});

function chain(length: number) {
  return Array.from({ length }, (_, i) => ({
    recipe: i,
    setscene: true,
    noexec: false,
    hard: false,
    deps: i === 0 ? [] : [i - 1],
  }));
}

function withNoexec(plan: BuildPlan, task: number): BuildPlan {
  const row = plan.tasks[task];
  if (row === undefined) throw new Error(`no task ${task}`);
  const replaced = replaceTasks(plan, [{ ...row, noexec: !row.noexec }]);
  if (replaced === undefined) throw new Error("another shape");
  return replaced;
}

function shown(build: DirectBuild | undefined) {
  if (build === undefined) return undefined;
  const { plan, went, coveredBy, needed, wallTime, coveredWhy, notCoveredWhy } = build;
  const why = plan.tids.map((_, task) => coveredWhy(task) ?? notCoveredWhy(task));
  return { tasks: plan.tasks, went, coveredBy, needed, wallTime, why };
}
