import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDurations, type DurationRecord } from "./durations.ts";
import { shareOfSources } from "./sources.ts";

const record = (recipe: string, task: string, elapsed: number, more: Partial<DurationRecord> = {}): DurationRecord => ({
  recipe,
  task,
  elapsed,
  ...more,
});

const find = (records: readonly DurationRecord[], pn: string, task: string, variant: "real" | "setscene" = "real") =>
  createDurations(records).durationOf({ pn, task }, variant);

describe("a task takes", () => {
  it.each<[string, DurationRecord[], [pn: string, task: string], number, string]>([
    ["what was measured", [record("a", "do_x", 3), record("b", "do_x", 9)], ["a", "do_x"], 3, "measured"],
    ["zero, if that was measured", [record("a", "do_x", 0), record("b", "do_x", 9)], ["a", "do_x"], 0, "measured"],
    [
      "the median of the builds",
      [1, 50, 3].map((elapsed, i) => record("a", "do_x", elapsed, { build: `${i}` })),
      ["a", "do_x"],
      3,
      "measured",
    ],
    [
      "the mean of the two in the middle of an even number",
      [record("a", "do_x", 1), record("a", "do_x", 4)],
      ["a", "do_x"],
      2.5,
      "measured",
    ],
    [
      "one figure of each build, however often it ran there",
      [1, 1, 1, 8].map((elapsed, i) => record("a", "do_x", elapsed, { build: i < 3 ? "first" : "second" })),
      ["a", "do_x"],
      4.5,
      "measured",
    ],
    [
      "what variants of the recipe take",
      [record("a-native", "do_x", 2), record("nativesdk-a", "do_x", 4), record("b", "do_x", 9)],
      ["a", "do_x"],
      3,
      "variant",
    ],
    [
      "what the same task of other recipes takes: their median",
      [record("a", "do_y", 1), record("b", "do_x", 5), record("c", "do_x", 7), record("d", "do_x", 90)],
      ["a", "do_x"],
      7,
      "task",
    ],
    [
      "what a like task of the recipe takes, if nobody measured its own name",
      [record("a", "do_package_write_rpm", 5), record("b", "do_package_write_rpm", 7)],
      ["a", "do_package_write_ipk"],
      5,
      "variant",
    ],
    [
      "what the like task of other recipes takes",
      [record("b", "do_package_write_rpm", 7), record("b", "do_x", 1)],
      ["a", "do_package_write_ipk"],
      7,
      "task",
    ],
    [
      "the median of its own name before a like task",
      [record("a", "do_package_write_rpm", 5), record("b", "do_package_write_ipk", 7)],
      ["a", "do_package_write_ipk"],
      7,
      "task",
    ],
    [
      "the median of all tasks, if nothing like it was measured",
      [record("a", "do_x", 1), record("a", "do_y", 2), record("b", "do_x", 40)],
      ["a", "do_rootfs"],
      2,
      "unknown",
    ],
  ])("%s", (_what, records, [pn, task], seconds, source) => {
    expect(find(records, pn, task)).toEqual({ seconds, source });
  });
});

describe("a task that is restored takes", () => {
  const records = [
    record("a", "do_x", 100),
    record("a", "do_x_setscene", 1),
    record("b", "do_x_setscene", 3),
    record("b", "do_package_write_rpm_setscene", 2),
  ];

  it.each<[string, [pn: string, task: string], number, string]>([
    ["what restoring it took, not executing it", ["a", "do_x"], 1, "measured"],
    ["what restoring a variant took", ["a-native", "do_x"], 1, "variant"],
    ["what restoring the same task of others took", ["c", "do_x"], 2, "task"],
    ["what restoring a like task took", ["b", "do_package_write_deb"], 2, "variant"],
    ["the median of all that was restored", ["a", "do_y"], 2, "unknown"],
  ])("%s", (_what, [pn, task], seconds, source) => {
    expect(find(records, pn, task, "setscene")).toEqual({ seconds, source });
  });

  it("an unknown time, if nothing was restored when it was measured", () => {
    const durations = createDurations([record("a", "do_x", 100)]);
    expect(durations.durationOf({ pn: "a", task: "do_x" }, "setscene")).toEqual({ seconds: 0, source: "unknown" });
    expect(durations.measured).toEqual({ real: 1, setscene: 0 });
  });
});

describe("a table of durations", () => {
  it("is of CPU seconds if they are asked for; what has none was not measured", () => {
    const records = [record("a", "do_x", 9, { cpu: 2 }), record("b", "do_x", 5)];
    const durations = createDurations(records, { measure: "cpu", names: ["t.csv"] });
    expect([durations.measured.real, durations.names, durations.measure]).toEqual([1, ["t.csv"], "cpu"]);
    expect(durations.durationOf({ pn: "b", task: "do_x" }, "real")).toEqual({ seconds: 2, source: "task" });
  });

  const names = fc.constantFrom("a", "a-native", "lib32-a", "b", "c-cross-arm", "c");
  const tasks = fc.constantFrom(
    "do_x",
    "do_y",
    "do_x_setscene",
    "do_package_write_rpm",
    "do_package_write_ipk_setscene",
  );
  const records = fc.array(
    fc.record({
      recipe: names,
      task: tasks,
      elapsed: fc.double({ min: 0, max: 1e4, noNaN: true }),
      build: fc.constantFrom("1", "2", "3"),
    }),
    { maxLength: 30 },
  );

  it("answers the same in whatever order the records come", () => {
    const asked = ["a", "a-native", "nativesdk-b", "c", "d"].flatMap((pn) =>
      ["do_x", "do_y", "do_package_write_ipk", "do_z"].map((task) => ({ pn, task })),
    );
    const answers = (list: readonly DurationRecord[]) => {
      const durations = createDurations(list);
      return asked.flatMap((task) => [durations.durationOf(task, "real"), durations.durationOf(task, "setscene")]);
    };
    const shuffled = records.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(answers(other)).toEqual(answers(list));
      }),
    );
  });

  it("answers within what was measured, and from no worse a source than there is", () => {
    fc.assert(
      fc.property(records, names, (list, pn) => {
        const real = list.filter((it) => !it.task.endsWith("_setscene"));
        fc.pre(real.length > 0);
        const { seconds, source } = find(list, pn, "do_x");
        const own = real.filter((it) => it.recipe === pn && it.task === "do_x");
        const of = own.length > 0 ? own : real;
        expect(seconds).toBeGreaterThanOrEqual(Math.min(...of.map((it) => it.elapsed)));
        expect(seconds).toBeLessThanOrEqual(Math.max(...of.map((it) => it.elapsed)));
        expect(source === "measured").toBe(own.length > 0);
        expect(source === "unknown").toBe(!real.some((it) => it.task === "do_x"));
      }),
    );
  });
});

it("durations are counted by source", () => {
  const durations = createDurations([record("a", "do_x", 1)]);
  const known = ["a", "a-native", "b"].map((pn) => durations.durationOf({ pn, task: "do_x" }, "real"));
  known.push(durations.durationOf({ pn: "a", task: "do_y" }, "real"));
  expect(shareOfSources(known)).toEqual({ measured: 1, variant: 1, task: 1, unknown: 1 });
});
