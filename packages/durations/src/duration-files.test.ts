import { describe, expect, it } from "vitest";
import { parseDurationCsv } from "./duration-csv.ts";
import { isDurationRuns, parseDurationRuns } from "./read/index.ts";

describe("durations as CSV", () => {
  it.each([
    [
      ["recipe,task,elapsed,cpu", "acl,do_compile,4.26,6.772", ""],
      { recipe: "acl", task: "do_compile", elapsed: 4.26, cpu: 6.772, build: "t" },
    ],
    [["recipe,task,elapsed,cpu", "acl,do_compile,4,"], { recipe: "acl", task: "do_compile", elapsed: 4, build: "t" }],
    [
      ["task,recipe,build,elapsed", "do_x_setscene,a,1,0"],
      { recipe: "a", task: "do_x_setscene", elapsed: 0, build: "t 1" },
    ],
  ])("%j", (lines, record) => {
    expect(parseDurationCsv(lines, "t")).toEqual([record]);
  });

  it.each([
    ["nothing", [], "t: expected a first line recipe,task,elapsed, found nothing"],
    [
      "other columns",
      ["recipe,task,time"],
      /^t:1: expected the columns recipe,task,elapsed .*found "recipe,task,time"$/,
    ],
    ["an unknown column", ["recipe,task,elapsed,x"], /^t:1: expected the columns/],
    ["a column twice", ["recipe,task,elapsed,cpu,cpu"], /^t:1: expected the columns/],
    ["a cell too few", ["recipe,task,elapsed", "a,do_x"], "t:2: expected 3 columns, found 2"],
    ["no seconds", ["recipe,task,elapsed", "a,do_x,long"], 't:2: elapsed: expected seconds, found "long"'],
    ["seconds below zero", ["recipe,task,elapsed", "a,do_x,-1"], 't:2: elapsed: expected seconds, found "-1"'],
    ["no CPU seconds", ["recipe,task,elapsed,cpu", "a,do_x,1,NaN"], 't:2: cpu: expected seconds, found "NaN"'],
    ["a task without do_", ["recipe,task,elapsed", "a,x,1"], 't:2: task: expected a name with do_, found "x"'],
    ["no recipe", ["recipe,task,elapsed", ",do_x,1"], "t:2: recipe: expected a name, found nothing"],
  ])("with %s is refused", (_what, lines, message) => {
    expect(() => parseDurationCsv(lines, "t")).toThrow(message);
  });
});

describe("durations as a list of runs", () => {
  it("are a record each", () => {
    const data = [
      {
        recipe: "a",
        task: "do_x",
        runs: [
          { elapsed: 1, cpu: 2, build: "b" },
          { elapsed: 3, cpu: null },
        ],
      },
      { recipe: "a", task: "do_y", runs: [] },
    ];
    expect(isDurationRuns(data)).toBe(true);
    expect(parseDurationRuns(data, "t")).toEqual([
      { recipe: "a", task: "do_x", elapsed: 1, cpu: 2, build: "t b" },
      { recipe: "a", task: "do_x", elapsed: 3 },
    ]);
  });

  it.each([[[]], [[1]], [{}], [[{ recipe: "a", tasks: {} }]]])("are not %j", (data) => {
    expect(isDurationRuns(data)).toBe(false);
  });

  it.each([
    [[{ recipe: "a", task: "do_x", runs: [{ elapsed: "1" }] }], /^t: \[0\]\.runs\[0\]\.elapsed: /],
    [[{ recipe: "a", task: "x", runs: [] }], /^t: \[0\]\.task: /],
  ])("are refused with field: %j", (data, message) => {
    expect(() => parseDurationRuns(data, "t")).toThrow(message);
  });
});
