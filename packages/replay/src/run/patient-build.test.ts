import type { Tid } from "@depid/hash";
import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { getPolicy } from "../policies/registry.ts";
import { replayHistory } from "../replay.ts";
import { drawnBound } from "../sweep/drawn.ts";
import { createTableService, sketchHistory } from "../testing/index.ts";

/** Recipes, each built on the sysroots of some before it, and what one commit changes. */
interface Drawn {
  readonly recipes: readonly { readonly on: readonly number[]; readonly fetches: boolean }[];
  readonly changed: readonly number[];
  readonly workers: number;
  readonly seed: string;
  readonly builder: "fresh" | "persistent";
}

const numbers = (maxLength: number) => fc.uniqueArray(fc.nat({ max: 20 }), { maxLength });
const drawn: fc.Arbitrary<Drawn> = fc.record({
  recipes: fc.array(fc.record({ on: numbers(2), fetches: fc.boolean() }), { minLength: 2, maxLength: 7 }),
  changed: numbers(3),
  workers: fc.integer({ min: 1, max: 3 }),
  seed: fc.string(),
  builder: fc.constantFrom("fresh", "persistent"),
});

/** What is restored of a target recipe needs no native sysroot: nobody would build that one then, were it not for its answer. */
const isNative = (recipe: number): boolean => recipe % 2 === 0;
const nameOf = (recipe: number): string => `r${recipe}${isNative(recipe) ? "-native" : ""}`;

/** What ran in the step after the first, and what would have, had each task waited. */
async function secondStep(policy: string, { recipes, changed, workers, seed, builder }: Drawn) {
  const rowsOf = (version: (recipe: number) => number) => [
    ...recipes.flatMap(({ on, fetches }, i) => {
      const pn = nameOf(i);
      const below = i === 0 ? [] : [...new Set(on.map((it) => `${nameOf(it % i)}:do_populate_sysroot`))];
      const sketches: Record<string, TaskSketch> = {
        ...(fetches ? { do_fetch: {} } : {}),
        do_compile: {
          deps: [...below, ...(fetches ? [`${pn}:do_fetch`] : [])],
          basehash: basehashOf(`${i} ${version(i)}`),
        },
        do_populate_sysroot: { deps: [`${pn}:do_compile`], setscene: true },
        ...(isNative(i) ? {} : { do_package: { deps: [`${pn}:do_compile`], setscene: true } }),
      };
      return Object.entries(sketches).map(([task, sketch]) => sketchTask(`${pn}:${task}`, sketch));
    }),
    sketchTask("image:do_rootfs", {
      deps: recipes.flatMap((_, i) => (isNative(i) ? [] : [`${nameOf(i)}:do_package`])),
    }),
  ];
  const others = new Set(changed.map((it) => it % recipes.length));
  const upsert = rowsOf((recipe) => (others.has(recipe) ? 1 : 0)).filter(
    ({ task, pn }) => task === "do_compile" && others.has(Number.parseInt(pn.slice(1), 10)),
  );
  const found: { executed: ReadonlySet<Tid>; patient: ReadonlySet<Tid>; timing: number; needless: ReadonlySet<Tid> }[] =
    [];
  await replayHistory(
    sketchHistory(
      rowsOf(() => 0),
      { upsert },
    ),
    {
      policies: [getPolicy(policy)],
      outcomes: new OutcomeChain([], drawnBound({ seed, neutral: 0.7 })),
      service: createTableService(),
      namespace: "n",
      builder,
      workers,
      seed: 0,
      onBuild: ({ policy: { name }, fates, needed, patient, counts }) => {
        if (name !== policy) return;
        const executed = fates.executed;
        const needless = new Set([...executed].filter((tid) => !needed.executed.has(tid)));
        found.push({ executed, patient: patient.executed, timing: counts.timing, needless });
      },
    },
  );
  const second = found[1];
  if (second === undefined) throw new Error("no second step");
  return second;
}

describe("the build that is counted against for timing", () => {
  it("executes what a build executes in which each task waits for the answers below it", async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (it) => {
        const asItWent = await secondStep("equivhash", it);
        const waited = await secondStep("equivhash-settled", it);
        expect([...asItWent.patient].sort()).toEqual([...waited.executed].sort());
        expect(asItWent.timing).toBe([...asItWent.needless].filter((tid) => !waited.executed.has(tid)).length);
      }),
      { numRuns: 150 },
    );
  });
});
