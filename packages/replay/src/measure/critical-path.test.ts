import { compileBuild } from "@depid/runqueue";
import { sketchGraph, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { criticalPathOf } from "./critical-path.ts";
import { FATES, Fates } from "./fates.ts";

/**
 * ```
 * a:do_x (1) -> b:do_x (2) -> d:do_x (8)
 *               c:do_x (4) ---'
 * ```
 */
const graph = sketchGraph({
  "a:do_x": {},
  "b:do_x": { deps: ["a:do_x"] },
  "c:do_x": {},
  "d:do_x": { deps: ["b:do_x", "c:do_x"] },
});
const plan = compileBuild(graph, { targets: [tidOf("d:do_x")] });
const seconds: Readonly<Record<string, number>> = { a: 1, b: 2, c: 4, d: 8 };

const path = (executed: string, restored = "") => {
  const codes = plan.tids.map((tid) => {
    const { pn } = graph.get(tid);
    return FATES.indexOf(executed.includes(pn) ? "executed" : restored.includes(pn) ? "restored" : "skipped");
  });
  const real = Float64Array.from(plan.tasks, ({ pn }) => seconds[pn] ?? 0);
  const setscene = new Float64Array(plan.size).fill(0.5);
  return criticalPathOf(plan, new Fates(plan, Uint8Array.from(codes)), { real, setscene });
};

describe("the critical path of a build", () => {
  it.each([
    ["all executed: c and d", "abcd", "", 12],
    ["c is current: a, b and d", "abd", "", 11],
    ["b is current: it takes no time, and d waits for what is below it all the same", "ad", "", 9],
    ["b is restored, which waits for nothing", "ad", "b", 8.5],
    ["nothing is done", "", "", 0],
  ])("%s", (_what, executed, restored, expected) => {
    expect(path(executed, restored)).toBe(expected);
  });
});
