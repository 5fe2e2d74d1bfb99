import { type DepId, sha256Hex } from "@depid/hash";
import { sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import type { PruneRule } from "../topology/topology.ts";
import { ObjectCache } from "./object-cache.ts";
import { nameOfObject } from "./object-name.ts";
import { ObjectNumbers } from "./object-numbers.ts";
import { Pruning } from "./pruning.ts";

const TEXT = { format: (text: string) => text, parse: (text: string) => text };
const BYTES: Readonly<Record<string, number>> = { a: 1, b: 2, c: 4, d: 8 };

/** Makes a, b, c and d, one in each step from 0 on, restores a in step 2, and tells what is there after each step. */
function keep(rule: PruneRule | undefined) {
  const numbers = new ObjectNumbers();
  const pruning = new Pruning(numbers, (pn) => BYTES[pn] ?? 0, rule);
  const cache = new ObjectCache<string>(numbers, TEXT, undefined, [pruning]);
  const numberOf = (pn: string): number =>
    numbers.of(nameOfObject(sketchTask(`${pn}:do_x`, { setscene: true }), sha256Hex(pn) as unknown as DepId));
  return ["a", "b", "c", "d"].map((pn, step) => {
    cache.put(numberOf(pn), pn);
    if (step === 2) cache.use(numberOf("a"));
    const { objects, bytes } = pruning.end(step, cache);
    const there = Object.keys(BYTES).filter((it) => cache.get(numberOf(it)) !== undefined);
    expect([objects, bytes]).toEqual([there.length, there.reduce((sum, it) => sum + (BYTES[it] ?? 0), 0)]);
    return there.join("");
  });
}

describe("a cache that is pruned when a step is over", () => {
  it.each<[string, PruneRule | undefined, readonly string[]]>([
    ["by nothing keeps all", undefined, ["a", "ab", "abc", "abcd"]],
    ["by age keeps what was made in the last steps", { rule: "age", steps: 2 }, ["a", "ab", "bc", "cd"]],
    ["by use keeps what was used in the last steps", { rule: "unused", steps: 2 }, ["a", "ab", "abc", "acd"]],
    ["by size keeps what was made last", { rule: "size", bytes: 7 }, ["a", "ab", "abc", ""]],
    ["by size, with room, keeps what was made last", { rule: "size", bytes: 13 }, ["a", "ab", "abc", "cd"]],
    ["least recently used first keeps what was used last", { rule: "lru", bytes: 13 }, ["a", "ab", "abc", "acd"]],
  ])("%s", (_what, rule, there) => {
    expect(keep(rule)).toEqual(there);
  });
});
