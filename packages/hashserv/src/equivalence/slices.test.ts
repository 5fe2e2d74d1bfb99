import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseLimit } from "./slices.ts";

describe("the next slice of a change of many rows", () => {
  it.each([
    ["as many rows, when the last took what it should", 250, 4, 250],
    ["half as many, when it took twice as long", 250, 8, 125],
    ["twice as many and no more, when it took no time", 250, 0, 500],
    ["a tenth and no fewer, when it took very long", 1000, 60_000, 100],
    ["ten at least, however long ten take", 10, 60_000, 10],
    ["ten thousand at most, however fast these are", 10_000, 0.5, 10_000],
  ])("has %s", (_what, limit, ms, expected) => {
    expect(chooseLimit(limit, ms)).toBe(expected);
  });

  it("comes to what takes four milliseconds, whatever a row takes and wherever it begins", () => {
    const microseconds = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(microseconds, fc.integer({ min: 10, max: 10_000 }), (perRow, first) => {
        let limit = first;
        for (let i = 0; i < 20; i++) limit = chooseLimit(limit, (limit * perRow) / 1000);
        const ideal = Math.min(10_000, 4000 / perRow);
        expect(Math.abs(limit - ideal)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
