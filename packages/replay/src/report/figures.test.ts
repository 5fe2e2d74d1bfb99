import { expect, it } from "vitest";
import { compareCosts } from "./cost.ts";
import { chooseUnit, formatShare } from "./figures.ts";
import { wrap } from "./wrap.ts";

const cost = (tasks: number, seconds?: number) => ({ tasks, seconds });

it.each([
  [cost(10), cost(4), "saves 6 tasks (60%)"],
  [cost(10), cost(9), "saves 1 task (10%)"],
  [cost(10), cost(10), "saves nothing"],
  [cost(10), cost(15), "costs 5 tasks MORE (+50%)"],
  [cost(0), cost(5), "costs 5 tasks MORE"],
  [cost(10, 7200), cost(4, 3600), "saves 6 tasks (60%) and 60 min (50%)"],
  [cost(10, 3600), cost(4, 7200), "saves 6 tasks (60%) but costs 60 min MORE (+100%)"],
  [cost(4, 7200), cost(10, 3600), "costs 6 tasks MORE (+150%) but saves 60 min (50%)"],
  [cost(10, 10), cost(10, 10), "saves nothing"],
  [cost(10, 20), cost(10, 10), "as many tasks, saves 10 s (50%)"],
  [cost(10, 10), cost(9, 10), "saves 1 task (10%), no time"],
])("from %o to %o: %s", (before, after, text) => {
  expect(compareCosts(before, after)).toBe(text);
});

it.each([
  [1, 1000, "under 1%"],
  [0, 1000, "0%"],
  [999, 1000, "100%"],
  [3000, 1000, "300%"],
])("%d of %d is %s", (part, whole, text) => {
  expect(formatShare(part, whole)).toBe(text);
});

it.each([
  [[1, 99], "s", ["1.0", "99"]],
  [[0, 100], "min", ["0", "1.7"]],
  [[1, 1204 * 3600], "h", ["<0.1", "1,204"]],
  [[], "s", []],
] as const)("a column of %j is in %s", (seconds, name, texts) => {
  const unit = chooseUnit(seconds);
  expect([unit.name, seconds.map(unit.format)]).toEqual([name, texts]);
});

it("what is not known has a question mark", () => {
  expect(chooseUnit([1]).format(undefined)).toBe("?");
});

it("a long item is broken between words, and indented as its text is", () => {
  const lines = wrap(`- ${"word ".repeat(50).trim()}`).split("\n");
  expect(lines.map((it) => it.slice(0, 6))).toEqual(["- word", "  word", "  word"]);
  expect(lines.every((it) => it.length <= 118)).toBe(true);
});
