import { describe, expect, it } from "vitest";
import {
  formatSetscene,
  formatTaskName,
  formatTid,
  parseTid,
  splitSetscene,
  splitTaskName,
  taskName,
} from "./index.ts";

describe("the name of a task", () => {
  it.each([
    [{ config: "", pn: "expat", task: "do_compile" }, "expat:do_compile"],
    [{ config: "second", pn: "expat-native", task: "do_fetch" }, "mc:second:expat-native:do_fetch"],
    [{ config: "", pn: "a:b", task: "do_x" }, "a:b:do_x"],
  ])("%o is %s, and back", (parts, name) => {
    expect(formatTaskName(parts)).toBe(name);
    expect(splitTaskName(name)).toEqual(parts);
  });
  it("has the configuration of the tid, and the recipe's name in place of its file", () => {
    const tid = formatTid({ config: "m", recipeFile: "virtual:native:/meta/expat_2.8.bb", task: "do_compile" });
    expect(taskName({ tid, pn: "expat-native", task: "do_compile" })).toBe("mc:m:expat-native:do_compile");
    expect(taskName({ tid: parseTid("/a.bb:do_x"), pn: "a", task: "do_x" })).toBe("a:do_x");
  });
  it.each(["", "expat", ":do_x", "expat:"])("is not %j", (name) => {
    expect(splitTaskName(name)).toBeUndefined();
  });
});

it.each(["do_package", "mc:m:expat:do_package"])("%s is restored by the task with _setscene behind it", (task) => {
  expect(formatSetscene(task)).toBe(`${task}_setscene`);
  expect(splitSetscene(`${task}_setscene`)).toEqual({ task, isSetscene: true });
  expect(splitSetscene(task)).toEqual({ task, isSetscene: false });
});
