import type { Tid } from "@depid/hash";
import { compileBuild } from "@depid/runqueue";
import { sketchGraph, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { criticalPathOf } from "./critical-path.ts";

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
  const tids = (names: string) => new Set([...names].map((name): Tid => tidOf(`${name}:do_x`)));
  return criticalPathOf(plan, { executed: tids(executed), restored: tids(restored) }, (tid, variant) =>
    variant === "setscene" ? 0.5 : (seconds[graph.get(tid).pn] ?? 0),
  );
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
