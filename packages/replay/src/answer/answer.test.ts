import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_COUNTS, NO_TIME } from "../measure/fates.ts";
import { NO_TRAFFIC } from "../measure/traffic.ts";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { neutral } from "../outcomes/outcome-model.ts";
import { getPolicy } from "../policies/registry.ts";
import { replayHistory } from "../replay.ts";
import type { MeasuredPolicy, ReplayResult } from "../result.ts";
import { createTableService, sketchHistory } from "../testing/index.ts";
import { frontierOf } from "./frontier.ts";

const measured = (name: string, seconds: number, needless: number, stale: number): MeasuredPolicy => ({
  name,
  definition: "",
  steps: [],
  sum: { ...NO_COUNTS, executed: seconds, needless, stale },
  traffic: { steps: [], sum: NO_TRAFFIC },
  time: { steps: [], sum: { ...NO_TIME, serial: { ...NO_COUNTS, executed: seconds, needless } } },
});
const resultOf = (policies: readonly MeasuredPolicy[]): ReplayResult => ({
  steps: [],
  policies,
  decisions: { changes: [], outputs: new Map(), provedEqual: new Set() },
});

describe("the frontier of policies", () => {
  it("has those that are worse than no other in all of cost, needless work and stale reuse", () => {
    const policies = [
      measured("basichash", 10, 8, 0),
      measured("equivhash", 6, 4, 0),
      measured("fast", 1, 0, 5),
      measured("equivhash-2018", 12, 9, 0),
      measured("clairvoyant", 2, 0, 0),
    ];
    const points = frontierOf({ result: resultOf(policies) });
    expect(points.map((it) => [it.policy, it.role, it.saved?.seconds, it.dominatedBy])).toEqual([
      ["basichash", "baseline", 0, ["equivhash"]],
      ["equivhash", "choice", 4, []],
      ["fast", "choice", 9, []],
      ["equivhash-2018", "choice", -2, ["basichash", "equivhash"]],
      ["clairvoyant", "ideal", 8, []],
    ]);
  });

  it("is never empty, and each policy that is not on it is dominated by one that is", () => {
    const figure = fc.nat({ max: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(figure, figure, figure), { minLength: 1, maxLength: 8 }), (rows) => {
        const points = frontierOf({ result: resultOf(rows.map((row, i) => measured(`p${i}`, ...row))) });
        const best = new Set(points.filter((it) => it.dominatedBy.length === 0).map((it) => it.policy));
        expect(best.size).toBeGreaterThan(0);
        for (const { policy, dominatedBy } of points)
          expect(best.has(policy) || dominatedBy.some((it) => best.has(it))).toBe(true);
      }),
    );
  });
});

describe("the traffic of a build", () => {
  const TASKS = {
    "tool:do_compile": {},
    "tool:do_sysroot": { deps: ["tool:do_compile"], setscene: true },
    "app:do_compile": { deps: ["tool:do_sysroot"] },
    "app:do_package": { deps: ["app:do_compile"], setscene: true },
  };
  const rows = Object.entries(TASKS).map(([name, sketch]) => sketchTask(name, sketch));
  const changed = { upsert: [sketchTask("tool:do_compile", { basehash: basehashOf("1") })] };
  const trafficOf = async (builder: "fresh" | "persistent", policy: string) => {
    const { policies } = await replayHistory(sketchHistory(rows, changed, {}), {
      policies: [getPolicy(policy)],
      outcomes: new OutcomeChain([], neutral),
      service: createTableService(),
      namespace: "traffic",
      builder,
      workers: 1,
      seed: 0,
    });
    return policies[0]?.traffic.steps.map((it) => Object.values(it));
  };

  it("is nothing but objects where no server is asked", async () => {
    expect(await trafficOf("fresh", "basichash")).toEqual([
      [0, 0, 0, 2],
      [0, 0, 0, 2],
      [0, 0, 0, 0],
    ]);
  });

  it("asks for all that can be restored in each new build directory, a batch for each generation", async () => {
    const steps = (await trafficOf("fresh", "equivhash-2018")) ?? [];
    expect(steps.map(([lookups, batches]) => [lookups, batches])).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    // The tool is found equal by its report alone; what stands on it was built under a hash that nobody asks for again.
    expect(steps.map(([, , reports, objects]) => [reports, objects])).toEqual([
      [2, 2],
      [2, 2],
      [0, 0],
    ]);
  });

  it("asks less in a build directory that is kept, which remembers", async () => {
    const [fresh = [], kept = []] = [await trafficOf("fresh", "equivhash"), await trafficOf("persistent", "equivhash")];
    const lookups = (steps: readonly (readonly number[])[]) => steps.slice(1).reduce((sum, [it = 0]) => sum + it, 0);
    expect(lookups(kept)).toBeLessThan(lookups(fresh));
    expect(kept.map(([, , reports]) => reports)).toEqual(fresh.map(([, , reports]) => reports));
  });
});
