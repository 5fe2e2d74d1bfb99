import { describe, expect, it } from "vitest";
import { type DurationRow, findRecipeVersion, parseTaskStats } from "./buildstats.ts";
import { parseDurationTable, parseJsonStats } from "./read/index.ts";

const RUN = [
  "Event: TaskStarted ",
  "Started: 1795262654.11 ",
  "miniapp-2.0-r0: do_populate_sysroot_setscene",
  "Elapsed time: 0.16 seconds",
  "utime: 9",
  "IO rchar: 204494",
  "rusage ru_utime: 0.138977",
  "rusage ru_stime: 0.022536",
  "rusage ru_maxrss: 44092",
  "Child rusage ru_utime: 0.017804999999999998",
  "Child rusage ru_stime: 0.00226",
  "Status: PASSED ",
  "Ended: 1795262654.27 ",
];

describe("the file of a task in buildstats", () => {
  it("says when it began and how long it took", () => {
    expect(parseTaskStats(RUN, "t")).toEqual({ start: 1795262654.11, seconds: 0.16, cpu: 0.181578, status: "passed" });
  });

  it("says no CPU time where none was written", () => {
    const lines = RUN.filter((line) => !line.includes("rusage"));
    expect(parseTaskStats(lines, "t")?.cpu).toBeNull();
    expect(parseTaskStats([...RUN, ...lines], "t")?.cpu).toBeNull();
  });

  it("has the last run that ended, of several", () => {
    const again = RUN.map((line) => line.replace("654", "700").replace("0.16 s", "0.40 s").replace("PASSED", "FAILED"));
    expect(parseTaskStats([...RUN, ...again, ...RUN.slice(0, 2)], "t")).toEqual({
      start: 1795262700.11,
      seconds: 0.4,
      cpu: 0.181578,
      status: "failed",
    });
  });

  it("is measured by its ends where the elapsed time is missing", () => {
    const lines = RUN.filter((line) => !line.startsWith("Elapsed"));
    expect(parseTaskStats(lines, "t")?.seconds).toBe(0.16);
  });

  it.each([
    ["nothing", []],
    ["a begin alone", RUN.slice(0, 2)],
    ["no begin", RUN.slice(3)],
  ])("that holds %s tells of no run", (_what, lines) => {
    expect(parseTaskStats(lines, "t")).toBeUndefined();
  });

  it("with another word for a time is refused, naming the line", () => {
    expect(() => parseTaskStats([...RUN.slice(0, 3), "Elapsed time: long"], "do_x")).toThrow(
      'do_x:4: Elapsed time: expected seconds, found "long"',
    );
  });
});

describe("the directory of a recipe in buildstats", () => {
  it.each([
    ["minitool-native-0.1-r0", "minitool-native", "0.1-r0"],
    ["glib-2.0-1_2.88.2-r0", "glib-2.0", "1_2.88.2-r0"],
    ["gnu-config-native-20260629+git-r0", "gnu-config-native", "20260629+git-r0"],
    ["packagegroup-base-1.0-r83", "packagegroup-base", "1.0-r83"],
    ["thing-git-r0", "thing", "git-r0"],
  ])("%s has name and version", (folder, recipe, version) => {
    expect(findRecipeVersion(folder)).toEqual({ recipe, version });
  });

  it("has both, or is none", () => expect(findRecipeVersion("host_stats")).toBeUndefined());
});

describe("buildstats as JSON", () => {
  const task = { start_time: 1795262654.11, elapsed_time: 0.16, status: "PASSED", iostat: {}, rusage: {} };
  const recipe = { name: "lib", epoch: "1", version: "2.0", revision: "r0", tasks: { do_a: task } };
  const row = { recipe: "lib", version: "1_2.0-r0", task: "do_a", seconds: 0.16, cpu: null, start: 1795262654.11 };

  it.each([
    ["a list of recipes", [recipe], ""],
    ["lists by measurement", { "test1.build": [recipe] }, "test1.build"],
  ])("is %s", (_what, data, build) => {
    expect([...parseJsonStats(JSON.stringify(data), "t", () => {})]).toEqual([{ build, ...row, status: "passed" }]);
  });

  it.each([
    [
      "of the task and its children",
      { rusage: { ru_utime: 1.5, ru_stime: 0.25 }, child_rusage: { ru_utime: 3, ru_stime: 1 } },
      5.75,
    ],
    ["all in one", { rusage: { ru_utime: 1.5, ru_stime: 0.25, ru_maxrss: 7 }, child_rusage: {} }, 1.75],
    ["nowhere", {}, null],
  ])("has CPU times %s", (_what, usage, cpu) => {
    const data = [{ ...recipe, tasks: { do_a: { ...task, ...usage } } }];
    expect([...parseJsonStats(JSON.stringify(data), "t", () => {})].map((it) => it.cpu)).toEqual([cpu]);
  });

  it("tells of tasks that never ended", () => {
    const unended: string[] = [];
    const data = [{ ...recipe, tasks: { do_a: { ...task, elapsed_time: null } } }];
    expect([...parseJsonStats(JSON.stringify(data), "t", (name) => unended.push(name))]).toEqual([]);
    expect(unended).toEqual(["lib:do_a"]);
  });

  it.each([
    ["no JSON", "{", 't: expected JSON, found "{"'],
    [
      "a recipe without version",
      JSON.stringify([{ ...recipe, version: undefined }]),
      /^t: expected .*: \[0\]\.version: /,
    ],
    [
      "a text for seconds",
      JSON.stringify({ a: [{ ...recipe, tasks: { b: { ...task, elapsed_time: "1" } } }] }),
      /a\[0\]\.tasks\.b\.elapsed_time/,
    ],
  ])("of %s is refused in one line", (_what, text, message) => {
    expect(() => [...parseJsonStats(text, "t", () => {})]).toThrow(message);
  });
});

describe("a table of durations", () => {
  const row: DurationRow = {
    build: "1",
    recipe: "lib",
    version: "1-r0",
    task: "do_a",
    seconds: 2,
    cpu: 3,
    start: 0,
    status: "passed",
  };
  const linesOf = (rows: readonly object[], table = "durations") =>
    [
      { format: "depid-table/1", table, source: "s", unknown: [], assumed: [] },
      ...rows,
      { end: { rows: rows.length, left_out: [] } },
    ].map((it) => JSON.stringify(it));

  it("has rows; those of before CPU times were written have none", () => {
    const { cpu: _, ...before } = row;
    expect(parseDurationTable(linesOf([row, before]), "t").rows).toEqual([row, { ...row, cpu: null }]);
  });

  it.each([
    ["another table", [row], "edges", 't:1: table: expected durations, found "edges"'],
    ["a text for seconds", [{ ...row, seconds: "2" }], "durations", /^t:2: seconds: /],
  ])("is refused: %s", (_what, rows, table, message) => {
    expect(() => parseDurationTable(linesOf(rows, table), "t")).toThrow(message);
  });
});
