import { createMemoryStore } from "@depid/sstate";
import { type Task, TaskGraph } from "@depid/task-graph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBuilder } from "./builder.ts";
import { formatBuilder, parseBuilder } from "./builder-format.ts";
import type { DepValid } from "./depvalid.ts";
import { formatEvent } from "./event.ts";
import { simulateBuild } from "./simulate.ts";
import { digestsOf, hashesFrom, planOfAll, tasksOfDrawn } from "./testing/index.ts";
import type { BuildWorld } from "./world.ts";

const drawnTasks = fc.array(
  fc.record({
    recipe: fc.nat({ max: 3 }),
    setscene: fc.boolean(),
    noexec: fc.nat({ max: 9 }).map((n) => n === 0),
    deps: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 16 },
);

/** Arbitrary, but always the same: which setscene tasks their users need. */
const depValid: DepValid = (task, users) => (task.tid.length + users.length) % 2 === 0;

describe("any build", () => {
  it("with nothing changed, runs and restores nothing the second time", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, fc.nat({ max: 3 }), async (drawn, more) => {
        const graph = new TaskGraph(tasksOfDrawn(drawn));
        const world = { hashesOf: hashesFrom(digestsOf(graph)), stampHash: "depid", depValid } as const;
        const first = await simulateBuild(planOfAll(graph), createBuilder(), { ...world, workers: 1 + more });
        expect(first.summary.state).toBe("COMPLETE");
        const again = await simulateBuild(planOfAll(graph), first.builder, world);
        expect([again.summary.executed, again.summary.restored, again.summary.state]).toEqual([[], [], "COMPLETE"]);
      }),
    );
  });

  it("with everything in the store, executes nothing that can be restored, and of the rest only what is asked for", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, async (drawn) => {
        // A noexec setscene task counts as restored from the start, so that what it covers is not made the first time.
        const graph = new TaskGraph(
          tasksOfDrawn(drawn.map((task) => ({ ...task, noexec: task.noexec && !task.setscene }))),
        );
        const plan = planOfAll(graph);
        const store = createMemoryStore();
        const world = { hashesOf: hashesFrom(digestsOf(graph)), stampHash: "depid", store, depValid } as const;
        await simulateBuild(plan, createBuilder(), world);
        const fresh = await simulateBuild(plan, createBuilder(), world);
        for (const tid of fresh.summary.executed) {
          const task = plan.indices.get(tid) as number;
          expect([plan.setscene[task], plan.unskippable[task]]).toEqual([0, 1]);
        }
        expect(fresh.summary.sstate.missed).toBe(0);
      }),
    );
  });

  it("does the same whatever the order of its input", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, fc.infiniteStream(fc.nat()), async (drawn, numbers) => {
        const tasks = tasksOfDrawn(drawn);
        const keys = new Map(tasks.map((task) => [task, numbers.next().value as number] as const));
        const shuffled = [...tasks].sort((a, b) => (keys.get(a) as number) - (keys.get(b) as number));
        const logs = await Promise.all(
          [tasks, shuffled].map(async (order) => {
            const graph = new TaskGraph(order);
            const hashesOf = hashesFrom(digestsOf(graph));
            const store = createMemoryStore();
            const world = { hashesOf, stampHash: "depid", store, workers: 2, depValid } as const;
            const build = await simulateBuild(planOfAll(graph), createBuilder(), world);
            return [build.events.map(formatEvent), formatBuilder(build.builder)];
          }),
        );
        expect(logs[0]).toEqual(logs[1]);
      }),
    );
  });

  it("executes and restores the same, however many workers there are and however long tasks take", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, fc.func(fc.nat({ max: 9 })), fc.nat({ max: 4 }), async (drawn, duration, more) => {
        const graph = new TaskGraph(tasksOfDrawn(drawn));
        const hashesOf = hashesFrom(digestsOf(graph));
        // Half of the objects are there.
        const validate: BuildWorld["validate"] = (asked) => asked.map(({ task }) => task.tid.length % 2 === 0);
        const world = { hashesOf, stampHash: "depid", validate } as const;
        const outcomes = await Promise.all(
          [world, { ...world, workers: 2 + more, durationOf: ({ tid }: Task) => duration(tid) }].map(async (each) => {
            const { summary } = await simulateBuild(planOfAll(graph), createBuilder(), each);
            return [new Set(summary.executed), new Set(summary.restored), new Set(summary.covered), summary.state];
          }),
        );
        expect(outcomes[0]).toEqual(outcomes[1]);
      }),
    );
  });

  it("leaves a builder that can be kept as text", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, async (drawn) => {
        const graph = new TaskGraph(tasksOfDrawn(drawn));
        const hashesOf = hashesFrom(digestsOf(graph));
        const { builder } = await simulateBuild(planOfAll(graph), createBuilder(), { hashesOf, stampHash: "taskhash" });
        const text = formatBuilder(builder);
        expect(parseBuilder(text)).toEqual(builder);
        expect(formatBuilder(parseBuilder(text))).toBe(text);
      }),
    );
  });
});
