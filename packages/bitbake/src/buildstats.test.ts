import { describe, expect, it } from "vitest";
import { findRecipeVersion, parseJsonStats, parseTaskStats } from "./buildstats.ts";

const RUN = [
  "Event: TaskStarted ",
  "Started: 1795262654.11 ",
  "miniapp-2.0-r0: do_populate_sysroot_setscene",
  "Elapsed time: 0.16 seconds",
  "utime: 9",
  "IO rchar: 204494",
  "rusage ru_utime: 0.09",
  "Status: PASSED ",
  "Ended: 1795262654.27 ",
];

describe("the file of a task in buildstats", () => {
  it("says when it began and how long it took", () => {
    expect(parseTaskStats(RUN, "t")).toEqual({ start: 1795262654.11, seconds: 0.16, status: "passed" });
  });

  it("has the last run that ended, of several", () => {
    const again = RUN.map((line) => line.replace("654", "700").replace("0.16 s", "0.40 s").replace("PASSED", "FAILED"));
    expect(parseTaskStats([...RUN, ...again, ...RUN.slice(0, 2)], "t")).toEqual({
      start: 1795262700.11,
      seconds: 0.4,
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
  const row = { recipe: "lib", version: "1_2.0-r0", task: "do_a", seconds: 0.16, start: 1795262654.11 };

  it.each([
    ["a list of recipes", [recipe], ""],
    ["lists by measurement", { "test1.build": [recipe] }, "test1.build"],
  ])("is %s", (_what, data, build) => {
    expect([...parseJsonStats(JSON.stringify(data), "t", () => {})]).toEqual([{ build, ...row, status: "passed" }]);
  });

  it("tells of tasks that never ended", () => {
    const unended: string[] = [];
    const data = [{ ...recipe, tasks: { do_a: { ...task, elapsed_time: null } } }];
    expect([...parseJsonStats(JSON.stringify(data), "t", (name) => unended.push(name))]).toEqual([]);
    expect(unended).toEqual(["lib:do_a"]);
  });

  it.each([
    ["no JSON", "{", 't: expected JSON, found "{"'],
    ["a recipe without version", JSON.stringify([{ ...recipe, version: undefined }]), /^t: expected .*: 0\.version: /],
    [
      "a text for seconds",
      JSON.stringify({ a: [{ ...recipe, tasks: { b: { ...task, elapsed_time: "1" } } }] }),
      /a\.0\.tasks\.b\.elapsed_time/,
    ],
  ])("of %s is refused in one line", (_what, text, message) => {
    expect(() => [...parseJsonStats(text, "t", () => {})]).toThrow(message);
  });
});
