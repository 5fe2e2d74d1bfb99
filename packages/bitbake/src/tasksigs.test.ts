import { describe, expect, it } from "vitest";
import { diffTasksigs, parseTasksigs } from "./tasksigs.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const parse = (...lines: readonly string[]) => parseTasksigs(lines, "t", () => {});

describe("tasksigs.txt", () => {
  it("has a taskhash per task, with mc: from the recipe file in the name", () => {
    const tasks = parse(`lib:do_a /m/lib_1.bb ${A}`, `lib:do_a mc:phone:virtual:native:/m/a b.bb ${B}`);
    expect([...tasks.values()]).toEqual([
      { name: "lib:do_a", recipeFile: "/m/lib_1.bb", taskhash: A },
      { name: "mc:phone:lib:do_a", recipeFile: "mc:phone:virtual:native:/m/a b.bb", taskhash: B },
    ]);
  });

  it("counts the first of two tasks of one name, and tells of the other", () => {
    const twice: string[] = [];
    const tasks = parseTasksigs([`a:do_x /1.bb ${A}`, `a:do_x /2.bb ${B}`], "t", (name) => twice.push(name));
    expect([tasks.get("a:do_x")?.taskhash, twice]).toEqual([A, ["a:do_x"]]);
  });

  it.each(["", "lib:do_a /m/lib_1.bb", `lib /m/lib_1.bb ${A}`, `lib:do_a /m/lib.bb ${A}0`])("refuses %j", (line) => {
    expect(() => parse(`a:do_x /1.bb ${A}`, line)).toThrow(/^t:2: expected PN:TASK RECIPE-FILE TASKHASH, found "/);
  });

  it("changes between builds: new and changed tasks, then those that are gone", () => {
    const before = parse(`a:do_x /1.bb ${A}`, `b:do_x /1.bb ${A}`, `c:do_x /1.bb ${A}`);
    const after = parse(`a:do_x /2.bb ${A}`, `c:do_x /1.bb ${B}`, `d:do_x /1.bb ${A}`);
    expect([...diffTasksigs(before, after)].map(({ change, name }) => `${change} ${name}`)).toEqual([
      "changed c:do_x",
      "new d:do_x",
      "gone b:do_x",
    ]);
  });
});
