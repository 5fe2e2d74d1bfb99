import { compileBuild } from "@depid/runqueue";
import { sketchGraph, sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { varyOrders, varySeconds } from "./variation.ts";

const graph = sketchGraph({
  "a:do_x": { setscene: true },
  "b:do_x": { setscene: true },
  "c:do_x": {},
  "d:do_x": { deps: ["a:do_x", "b:do_x", "c:do_x"] },
});
const plan = compileBuild(graph, { targets: graph.tids });

it("a variation has its own order of equals, by weight all the same, and the same one each time", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const { priority, setsceneOrder } = varyOrders(plan, { seed, spread: 1 });
      expect(varyOrders(plan, { seed, spread: 0 })).toEqual({ priority, setsceneOrder });
      expect([...priority].sort()).toEqual([...plan.tids]);
      expect([...setsceneOrder].sort()).toEqual(plan.tids.filter((tid) => graph.get(tid).setscene));
      const weights = priority.map((tid) => plan.weights.get(plan.indices.get(tid) as number));
      expect(weights).toEqual([...weights].sort((a, b) => (a === b ? 0 : a > b ? -1 : 1)));
      seen.add(priority.join());
    }),
  );
  expect(seen.size).toBe(6); // three tasks of one weight
});

it("durations stray about what they are, by the spread, each task by itself", () => {
  const seconds = (spread: number) =>
    Array.from({ length: 2000 }, (_, i) =>
      varySeconds(() => 10, { seed: "s", spread })(sketchTask(`a${i}:do_x`), "real"),
    );
  expect(new Set(seconds(0))).toEqual(new Set([10]));
  const logs = seconds(0.3).map((it) => Math.log(it / 10));
  const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
  const deviation = Math.sqrt(logs.reduce((sum, it) => sum + (it - mean) ** 2, 0) / logs.length);
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(deviation - 0.3)).toBeLessThan(0.03);
});
