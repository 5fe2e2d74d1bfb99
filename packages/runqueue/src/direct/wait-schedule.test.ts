import type { Tid } from "@depid/hash";
import { TaskGraph } from "@depid/task-graph";
import { sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BuildPlan, compileBuild } from "../plan.ts";
import { EXECUTED } from "../state/real-state.ts";
import { BY_OBJECT } from "../state/setscene-state.ts";
import { tasksOfDrawn } from "../testing/index.ts";
import { wallTimeOfWaiting } from "./wait-schedule.ts";

/** What became of tasks, by place, and which were open. */
interface Course {
  readonly went: Uint8Array;
  readonly coveredBy: Uint8Array;
  readonly open: Uint8Array;
}

const SECONDS = { real: 5000, setscene: 1000 };
const durationOf = (_task: number, variant: "real" | "setscene"): number => SECONDS[variant];

describe("the time of a build that waits for answers", () => {
  const plan = compileBuild(
    new TaskGraph([
      sketchTask("tool:do_sysroot", { setscene: true }),
      sketchTask("lib:do_fetch"),
      sketchTask("lib:do_sysroot", { setscene: true, deps: ["lib:do_fetch", "tool:do_sysroot"] }),
    ]),
    {},
  );
  const at = (name: string) => plan.tids.findIndex((tid) => tid.startsWith(name)) as number;
  const [fetch, lib, tool] = [plan.tids.findIndex((tid) => tid.endsWith("do_fetch")), at("lib.bb:do_s"), at("tool")];
  const course = (executed: readonly number[], restored: readonly number[], open: readonly number[]): Course => ({
    went: Uint8Array.from(plan.tids, (_, i) => (executed.includes(i) ? EXECUTED : 0)),
    coveredBy: Uint8Array.from(plan.tids, (_, i) => (restored.includes(i) ? BY_OBJECT : 0)),
    open: Uint8Array.from(plan.tids, (_, i) => (open.includes(i) ? 1 : 0)),
  });
  const timeOf = (it: Course, workers: number) => wallTimeOfWaiting(plan, it, it.open, { workers, durationOf });

  it("has what is restored wait for the open tasks below it, and for no others", () => {
    expect(timeOf(course([tool], [lib], [tool]), 4)).toBe(6000);
    expect(timeOf(course([tool], [lib], []), 4)).toBe(5000);
  });

  it("has what is executed wait for what must run first, and for workers", () => {
    const all = course([tool, fetch, lib], [], [tool]);
    expect(timeOf(all, 2)).toBe(10_000);
    expect(timeOf(all, 1)).toBe(15_000);
  });

  it("is, with workers for all, that of the longest chain, whatever was executed, restored and open", () => {
    const drawnTasks = fc.array(
      fc.record({
        recipe: fc.nat({ max: 3 }),
        setscene: fc.boolean(),
        noexec: fc.constant(false),
        hard: fc.constant(false),
        deps: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 3 }),
        fate: fc.nat({ max: 2 }),
      }),
      { minLength: 1, maxLength: 14 },
    );
    fc.assert(
      fc.property(drawnTasks, (drawn) => {
        const drawnPlan = compileBuild(new TaskGraph(tasksOfDrawn(drawn)), {});
        const it: Course = {
          went: new Uint8Array(drawnPlan.size),
          coveredBy: new Uint8Array(drawnPlan.size),
          open: new Uint8Array(drawnPlan.size),
        };
        for (let task = 0; task < drawnPlan.size; task++) {
          const fate = drawn[task % drawn.length]?.fate;
          if (fate === 1 && drawnPlan.setscene[task] === 1) it.coveredBy[task] = BY_OBJECT;
          else if (fate !== 0) it.went[task] = EXECUTED;
          if (fate === 2 && drawnPlan.setscene[task] === 1) it.open[task] = 1;
        }
        const wall = wallTimeOfWaiting(drawnPlan, it, it.open, { workers: drawnPlan.size, durationOf });
        expect(wall).toBe(longestOf(drawnPlan, it));
      }),
      { numRuns: 100 },
    );
  });
});

/** The same without workers: when each task is complete, and when it is final, from those below it. */
function longestOf(plan: BuildPlan, { went, coveredBy, open }: Course): number {
  const complete = new Map<number, number>();
  const final = new Map<number, number>();
  const latest = (tids: readonly Tid[], of: (task: number) => number): number =>
    Math.max(0, ...tids.map((tid) => of(plan.tids.indexOf(tid))));
  const completeAt = (task: number): number => {
    const known = complete.get(task);
    if (known !== undefined) return known;
    const { execdeps, hashdeps } = plan.tasks[task] as BuildPlan["tasks"][number];
    const at =
      coveredBy[task] === BY_OBJECT
        ? latest(hashdeps, finalAt) + SECONDS.setscene
        : latest(execdeps, completeAt) + (went[task] === EXECUTED ? SECONDS.real : 0);
    complete.set(task, at);
    return at;
  };
  const finalAt = (task: number): number => {
    const known = final.get(task);
    if (known !== undefined) return known;
    const below = latest((plan.tasks[task] as BuildPlan["tasks"][number]).hashdeps, finalAt);
    const at = open[task] === 1 ? Math.max(below, completeAt(task)) : below;
    final.set(task, at);
    return at;
  };
  return Math.max(...plan.tids.map((_, task) => completeAt(task)));
}
