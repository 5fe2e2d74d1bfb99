import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_COUNTS } from "../measure/fates.ts";
import { confidenceOf, neededSamples, signTest } from "./confidence.ts";
import { drawOf, seedOf } from "./drawn.ts";
import type { DrawnGroup } from "./groups.ts";
import { type SweepRun, unitsOf } from "./sweep-run.ts";

/** A sweep in which `clever` costs what a function says, and basichash 100 tasks. */
function sweepOf(
  costOf: (neutral: number, sample: number) => number,
  { neutral = [0, 0.5, 1], samples = 40, groups = [] as readonly DrawnGroup[] } = {},
): SweepRun {
  const setting = {
    policies: ["basichash", "clever"].map((name) => ({ name, definition: "" })),
    ...({ builder: "fresh", outcomes: "drawn", unique: "none", outhash_extra: null, release: null } as const),
    ...{ workers: 1, seed: 7, neutral, samples, spread: 0, unsure: "kept" as const },
  };
  const one = { place: 1, of: 1 };
  return {
    history: { source: "", sha256: "", header: {}, steps: 2, from: "", to: "" },
    ...{ setting, inputs: [], durations: null, groups, assumed: [], shard: one },
    samples: unitsOf(setting, one).map((unit) => ({
      ...unit,
      drawn: { of: 0, changes: 0, neutral: 0 },
      policies: [100, costOf(unit.neutral, unit.sample)].map((executed) => ({ sum: { ...NO_COUNTS, executed } })),
    })),
  };
}

describe("how sure the order of two policies is", () => {
  it("is the sign test over samples that differ", () => {
    expect([signTest(6, 6), signTest(5, 5), signTest(9, 10), signTest(5, 10)].map((it) => it.toFixed(4))).toEqual([
      "0.0313",
      "0.0625",
      "0.0215",
      "1.0000",
    ]);
    const [pair] = confidenceOf(sweepOf((_, sample) => (sample < 30 ? 90 : sample < 32 ? 100 : 110))).pairs;
    expect(pair?.points[0]).toMatchObject({ neutral: 0, wins: 30, ties: 2, saved: { median: 10 } });
    expect(pair?.points[0]?.p).toBeLessThan(0.001);
  });

  it("takes no more samples than there are, where they are enough, and no number where as many say the one as the other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (of, some) => {
        const agreeing = Math.ceil(of / 2) + (some % (Math.floor(of / 2) + 1));
        const needed = neededSamples(agreeing, of);
        if (2 * agreeing === of) expect(needed).toBeNull();
        else if (signTest(agreeing, of) < 0.05 && of >= 6)
          expect(needed ?? Infinity).toBeLessThanOrEqual(Math.ceil(of * 1.05));
      }),
    );
    expect([neededSamples(3, 3), neededSamples(20, 40), neededSamples(0, 0)]).toEqual([6, null, null]);
  });

  it("changes at a break-even: where a straight line between two probabilities is 0", () => {
    const [pair] = confidenceOf(sweepOf((neutral) => 130 - 40 * neutral)).pairs;
    expect(pair?.breakEven).toEqual([{ neutral: 0.75, low: 0.75, high: 0.75 }]);
    expect(confidenceOf(sweepOf(() => 90)).pairs[0]?.breakEven).toEqual([]);
  });
});

describe("what of the drawn a saving depends on", () => {
  const groups = ["a", "b", "c", "d"].map((recipe) => ({ step: 1, recipe, changes: 1 }));
  const isNeutral = (recipe: string, sample: number) => drawOf(seedOf(7, sample), 1, recipe) < 0.5;

  it("is the group that decides it, and not one of those that decide nothing", () => {
    const run = sweepOf((_, sample) => (isNeutral("b", sample) ? 60 : 90), { neutral: [0.5], groups });
    expect(confidenceOf(run).tornado).toMatchObject([
      {
        neutral: 0.5,
        policies: ["basichash", "clever"],
        groups: [{ step: 1, recipe: "b", changes: 1, ifNeutral: 40, ifPropagating: 10 }],
      },
    ]);
  });

  it("is nothing where the saving has nothing to do with what was drawn", () => {
    const run = sweepOf((_, sample) => 50 + (sample % 2), { neutral: [0.5], groups });
    expect(confidenceOf(run).tornado.flatMap((it) => it.groups)).toEqual([]);
  });
});
