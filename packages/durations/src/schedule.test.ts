import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ScheduledTask, scheduleTasks } from "./schedule.ts";

const task = (seconds: number, ...dependencies: number[]): ScheduledTask => ({ seconds, dependencies });

describe("the work comes to", () => {
  it.each<[string, ScheduledTask[], number, ReturnType<typeof scheduleTasks>]>([
    ["nothing, if there is none", [], 2, { serial: 0, wall: 0, critical: 0 }],
    ["its sum with one worker", [task(3), task(2), task(1, 0)], 1, { serial: 6, wall: 6, critical: 4 }],
    [
      "its longest task, if there are workers enough",
      [task(3), task(2), task(2)],
      3,
      { serial: 7, wall: 3, critical: 3 },
    ],
    [
      "the chain, where tasks wait for each other",
      [task(2, 1), task(3), task(1)],
      2,
      { serial: 6, wall: 5, critical: 5 },
    ],
    [
      "less when what much waits for goes first",
      [task(2), task(2), task(2), task(4, 2)],
      2,
      { serial: 10, wall: 6, critical: 6 },
    ],
    [
      "order through tasks that take no time",
      [task(2), task(0, 0), task(3, 1)],
      2,
      { serial: 5, wall: 5, critical: 5 },
    ],
    ["one wait, when a dependency is named twice", [task(1), task(1, 0, 0)], 2, { serial: 2, wall: 2, critical: 2 }],
  ])("%s", (_what, tasks, workers, estimate) => {
    expect(scheduleTasks(tasks, workers)).toEqual(estimate);
  });

  it("an error, if tasks wait for each other in a circle", () => {
    expect(() => scheduleTasks([task(1, 1), task(1, 0)], 1)).toThrow("tasks depend on each other");
  });
});

it("wall time lies between the bounds of any list schedule", () => {
  const tasks = fc
    .array(fc.tuple(fc.nat(9), fc.array(fc.nat(), { maxLength: 4 })), { minLength: 1, maxLength: 40 })
    .map((list) =>
      list.map(([seconds, deps], at) => ({ seconds, dependencies: at === 0 ? [] : deps.map((dep) => dep % at) })),
    );
  fc.assert(
    fc.property(tasks, fc.integer({ min: 1, max: 5 }), (list, workers) => {
      const { serial, wall, critical } = scheduleTasks(list, workers);
      expect(serial).toBe(list.reduce((sum, it) => sum + it.seconds, 0));
      expect(wall).toBeGreaterThanOrEqual(Math.max(critical, serial / workers));
      expect(wall).toBeLessThanOrEqual(critical + (serial - critical) / workers + 1e-9); // Graham's bound
      expect(scheduleTasks(list, list.length).wall).toBe(critical);
      expect(scheduleTasks(list, 1).wall).toBe(serial);
    }),
  );
});
