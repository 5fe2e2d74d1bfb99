import { describe, expect, it } from "vitest";
import { rankForCompletion, rankTasks } from "./scheduler.ts";

const task = (name: string) => {
  const [recipeFile = "", taskName = ""] = name.split(":");
  return { recipeFile, task: taskName };
};

const weighing = (weights: readonly bigint[]) => ({
  size: weights.length,
  compare: (a: number, b: number) => Number((weights[a] as bigint) - (weights[b] as bigint)),
});

describe("schedulers", () => {
  const names = ["a:fetch", "a:build", "b:fetch", "b:build"];
  const tasks = names.map(task);

  it("speed takes the heaviest first, and of equals the first one", () => {
    const ranked = rankTasks("speed", weighing([9n, 1n, 9n, 2n ** 80n]), () => tasks);
    expect(ranked.map((i) => names[i])).toEqual(["b:build", "a:fetch", "b:fetch", "a:build"]);
  });
  it("completion takes late tasks first, so that a recipe once begun is finished", () => {
    const ranked = rankTasks("completion", weighing([9n, 1n, 8n, 2n]), () => tasks);
    expect(ranked.map((i) => names[i])).toEqual(["b:build", "a:build", "a:fetch", "b:fetch"]);
  });
  it("a task that only one recipe has finds its place among the others", () => {
    const more = ["a:fetch", "a:build", "b:fetch", "b:deploy", "b:build"];
    const ranked = rankForCompletion([0, 1, 2, 3, 4], more.map(task));
    expect(ranked.map((i) => more[i])).toEqual(["a:build", "b:build", "b:deploy", "a:fetch", "b:fetch"]);
  });
  it("merges the names of recipes as recorded: h32-scheduler-completion", () => {
    const x = ["package", "populate_sysroot", "packagedata", "package_write_ipk"];
    const y = ["package", "packagedata", "package_qa", "package_write_ipk", "populate_sysroot", "build"];
    const both = [...x.map((name) => `x:${name}`), ...y.map((name) => `y:${name}`)];
    const ranked = rankForCompletion([...both.keys()], both.map(task)).map((i) => task(both[i] ?? "").task);
    const merged = ["package_write_ipk", "package_qa", "packagedata", "build", "populate_sysroot", "package"];
    expect([...new Set(ranked)]).toEqual(merged);
  });
});
