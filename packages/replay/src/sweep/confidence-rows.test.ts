import { expect, it } from "vitest";
import { NO_COUNTS } from "../measure/fates.ts";
import { formatConfidenceCsv } from "./confidence-rows.ts";
import { drawOf, seedOf } from "./drawn.ts";
import { type SweepRun, unitsOf } from "./sweep-run.ts";

const GROUPS = ["a", "b"].map((recipe) => ({ step: 1, recipe, changes: 2 }));

/** A sweep in which basichash costs 100 tasks, and a plug-in 90 where b is drawn as neutral, and 110 where it is not. */
function sweepOf(neutral: readonly number[]): SweepRun {
  const setting = {
    policies: ["basichash", "./my,own.mjs"].map((name) => ({ name, definition: "" })),
    ...({ builder: "fresh", outcomes: "drawn", unique: "none", outhash_extra: null, release: null } as const),
    ...{ workers: 1, seed: 7, neutral, samples: 40, spread: 0, unsure: "kept" as const },
  };
  const one = { place: 1, of: 1 };
  const costOf = (of: number, sample: number) => (drawOf(seedOf(7, sample), 1, "b") < of ? 90 : 110);
  return {
    history: { source: "", sha256: "", header: {}, steps: 2, from: "", to: "" },
    ...{ setting, inputs: [], durations: null, groups: GROUPS, assumed: [], shard: one },
    samples: unitsOf(setting, one).map((unit) => ({
      ...unit,
      drawn: { of: 0, changes: 0, neutral: 0 },
      policies: [100, costOf(unit.neutral, unit.sample)].map((executed) => ({ sum: { ...NO_COUNTS, executed } })),
    })),
  };
}

const WHO = `"./my,own.mjs",basichash`;

it("the order of policies, break-even and dependence are a figure a line, with names quoted", () => {
  const rows = [...formatConfidenceCsv(sweepOf([0, 0.5, 1]))];
  expect(rows[0]).toBe("part,policy,against,neutral,step,recipe,figure,value");
  for (const row of [
    `order,${WHO},0,,,saved_median_tasks,-10`,
    `order,${WHO},1,,,wins,40`,
    `order,${WHO},1,,,ties,0`,
    `order,${WHO},1,,,p,1.82e-12`,
    `order,${WHO},1,,,needed,6`,
    `dependence,${WHO},0.5,1,b,changes,2`,
    `dependence,${WHO},0.5,1,b,if_neutral_tasks,10`,
    `dependence,${WHO},0.5,1,b,if_propagating_tasks,-10`,
  ])
    expect(rows).toContain(row);
  expect(rows.filter((it) => it.startsWith("break-even"))).toHaveLength(3);
  expect(rows.filter((it) => it.includes(",a,"))).toEqual([]);
});

it("what no number of samples decides is empty, and without break-even there is no line of one", () => {
  const rows = [...formatConfidenceCsv(sweepOf([0]))];
  expect(rows.filter((it) => it.startsWith("break-even"))).toEqual([]);
  const same = {
    ...sweepOf([0]),
    samples: sweepOf([0]).samples.map((it) => ({ ...it, policies: [it.policies[0], it.policies[0]] as never })),
  };
  expect([...formatConfidenceCsv(same)]).toContain(`order,${WHO},0,,,needed,`);
});
