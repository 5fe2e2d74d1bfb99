import { invertAdjacency, orderNodes, packAdjacency } from "@depid/task-graph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Weights } from "./weights.ts";

/** Of each task those that it depends on, which come before it. @param copies how often each row is put on top again: weights grow as a power of it */
const graphs = fc
  .record({ rows: fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 2, maxLength: 8 }), copies: fc.nat(60) })
  .map(({ rows, copies }) => {
    const all = Array.from({ length: copies + 1 }, () => rows).flat();
    return all.map((row, i) => (i === 0 ? [] : [...new Set(row.map((k) => i - 1 - (k % Math.min(i, 5))))]));
  });

/** By the rule, in integers of any size. */
function weigh(order: Int32Array, rows: readonly (readonly number[])[]): bigint[] {
  const weights: bigint[] = rows.map((_, task) => (rows.some((row) => row.includes(task)) ? 1n : 10n));
  for (const task of order)
    for (const dependency of rows[task] ?? [])
      weights[dependency] = (weights[dependency] as bigint) + (weights[task] as bigint);
  return weights;
}

describe("weights", () => {
  const weightsOf = (rows: readonly (readonly number[])[]) => {
    const dependencies = packAdjacency(rows);
    const dependents = invertAdjacency(dependencies);
    const order = orderNodes(dependents, dependencies);
    return { found: Weights.of(order, dependencies, dependents), judge: weigh(order, rows) };
  };

  it("are those that integers of any size come to, and compare as they do", () => {
    fc.assert(
      fc.property(graphs, (rows) => {
        const { found, judge } = weightsOf(rows);
        expect(judge.map((_, task) => found.get(task))).toEqual(judge);
        for (const [a, one] of judge.entries()) {
          const b = (a * 7 + 3) % judge.length;
          const other = judge[b] as bigint;
          expect(Math.sign(found.compare(a, b))).toBe(one < other ? -1 : one > other ? 1 : 0);
        }
      }),
    );
  });

  it("are exact beyond any number of bits", () => {
    const rows = Array.from({ length: 200 }, (_, i) => [i - 1, i - 2, i - 3].filter((k) => k >= 0));
    const { found, judge } = weightsOf(rows);
    expect(found.get(0)).toBe(judge[0]);
    expect(found.get(0)).toBeGreaterThan(2n ** 160n);
  });
});
