import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_COUNTS } from "../measure/fates.ts";
import { mergeParts, type NamedPart } from "./merge-parts.ts";
import { rangeOf } from "./ranges.ts";
import { type Shard, type SweepPlan, type SweepRun, unitsOf } from "./sweep-run.ts";

const PLAN: SweepPlan = {
  history: { source: "h", sha256: "0", header: {}, steps: 2, from: "", to: "" },
  setting: {
    policies: [{ name: "basic", definition: "d" }],
    builder: "fresh",
    outcomes: "drawn",
    unique: "oe-core",
    outhash_extra: null,
    release: null,
    workers: 4,
    seed: 0,
    neutral: [0.9, 0.1],
    samples: 7,
    spread: 0.3,
    unsure: "kept",
  },
  inputs: [{ flag: "--durations", name: "d", sha256: "1" }],
  durations: null,
  groups: [],
  assumed: [],
};

const run = (shard: Shard, plan: SweepPlan = PLAN): SweepRun => ({
  ...plan,
  shard,
  samples: unitsOf(plan.setting, shard).map((unit) => ({
    ...unit,
    drawn: { of: 1, changes: 1, neutral: 0 },
    policies: [{ sum: { ...NO_COUNTS, executed: unit.sample } }],
  })),
});
const part = (place: number, of: number, plan?: SweepPlan): NamedPart => ({
  file: `part-${place}`,
  run: run({ place, of }, plan),
});

describe("the parts of a sweep", () => {
  it("are together what it is undivided, however many there are and in whatever order they come", () => {
    const parts = fc.integer({ min: 1, max: PLAN.setting.samples }).chain((of) =>
      fc.shuffledSubarray(
        Array.from({ length: of }, (_, i) => part(i + 1, of)),
        { minLength: of },
      ),
    );
    fc.assert(
      fc.property(parts, (all) => {
        expect(mergeParts(all)).toEqual(run({ place: 1, of: 1 }));
      }),
    );
  });

  const other = (change: object): SweepPlan => ({ ...PLAN, ...change });
  it.each<[string, readonly NamedPart[], string]>([
    ["one is missing", [part(1, 3), part(3, 3)], "part-1: shard: of 3 parts, expected all, found none for 2"],
    ["one is there twice", [part(1, 2), part(1, 2)], "part-1: shard.place: part 1 of 2 is part-1 already"],
    ["one is of another number", [part(1, 2), part(2, 3)], "part-2: shard.of: expected 2, as in part-1, found 3"],
    [
      "the history is another one",
      [part(1, 2), part(2, 2, other({ history: { ...PLAN.history, sha256: "9" } }))],
      'part-2: history.sha256: expected "0", as in part-1, found "9": parts of one sweep have the same',
    ],
    [
      "an option is another one",
      [part(1, 2), part(2, 2, other({ setting: { ...PLAN.setting, neutral: [0.9, 0.2] } }))],
      "part-2: setting.neutral.1: expected 0.1, as in part-1, found 0.2",
    ],
    [
      "a file beside the history is another one",
      [part(1, 2), part(2, 2, other({ inputs: [] }))],
      "part-2: inputs.0: expected {",
    ],
  ])("are refused when %s", (_what, parts, message) => {
    expect(() => mergeParts(parts)).toThrow(message);
  });
});

describe("the range of figures", () => {
  it.each([
    [[5], 5, 5, 5],
    [[3, 1], 2, 1.1, 2.9],
    [[...Array(101).keys()].reverse(), 50, 5, 95],
  ])("of %j has the median %d, and nine tenths from %d to %d", (figures, median, low, high) => {
    const range = rangeOf(figures);
    for (const [found, expected] of [
      [range.median, median],
      [range.low, low],
      [range.high, high],
    ] as const)
      expect(found).toBeCloseTo(expected, 10);
  });
});
