import type { History } from "@depid/task-graph";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLabelSource, type Label } from "../outcomes/labels.ts";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { OUTCOME_WORDS, type OutcomeWord, pessimistic } from "../outcomes/outcome-model.ts";
import { getPolicy } from "../policies/registry.ts";
import { replayHistory } from "../replay.ts";
import { costOf } from "../report/cost.ts";
import { createTableService, sketchHistory } from "../testing/index.ts";
import { leverageOf } from "./leverage.ts";

const RECIPES = ["a", "b", "c", "d"];

/** Recipes that each use some before them, and changes of their compile tasks, with what came of each. */
const drawn = fc.record({
  uses: fc.tuple(...RECIPES.map((_, i) => fc.subarray(RECIPES.slice(0, i)))),
  steps: fc.array(
    fc.array(fc.record({ recipe: fc.constantFrom(...RECIPES), outcome: fc.constantFrom(...OUTCOME_WORDS) }), {
      minLength: 1,
      maxLength: 3,
    }),
    { minLength: 1, maxLength: 4 },
  ),
  builder: fc.constantFrom("fresh" as const, "persistent" as const),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

function historyOf({ uses, steps }: Drawn): History {
  const rowsOf = (recipe: string, version: number) => [
    sketchTask(`${recipe}:do_compile`, {
      basehash: basehashOf(`${recipe} ${version}`),
      deps: (uses[RECIPES.indexOf(recipe)] ?? []).map((it) => `${it}:do_sysroot`),
    }),
    sketchTask(`${recipe}:do_sysroot`, { deps: [`${recipe}:do_compile`], setscene: true }),
  ];
  const changes = steps.map((step, i) => ({
    upsert: [...new Set(step.map((it) => it.recipe))].flatMap((recipe) => rowsOf(recipe, i + 1).slice(0, 1)),
  }));
  return sketchHistory(
    RECIPES.flatMap((recipe) => rowsOf(recipe, 0)),
    ...changes,
  );
}

const label = (step: number, recipe: string, outcome: OutcomeWord, sure = true): Label => ({
  commit: `c${step + 1}`,
  recipe,
  outcome,
  reason: `why ${recipe}`,
  sure,
});
const labelsOf = ({ steps }: Drawn): Label[] =>
  steps.flatMap((step, i) => step.map(({ recipe, outcome }) => label(i, recipe, outcome)));
const chainOf = (labels: readonly Label[]) =>
  new OutcomeChain([createLabelSource({ otherwise: "propagating", labels }, "labels")], pessimistic);

let spaces = 0;
const optionsOf = ({ builder }: Pick<Drawn, "builder">) => ({
  policies: ["equivhash", "equivhash-2018"].map((name) => getPolicy(name)),
  service: createTableService(),
  namespace: `leverage-${spaces++}`,
  builder,
  workers: 2,
  seed: 0,
});

describe("the leverage of a recipe", () => {
  it("is what a replay costs less whose labels say that each of its changes is neutral", async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (it) => {
        const history = historyOf(it);
        const labels = labelsOf(it);
        const costsWith = async (more: readonly Label[]) => {
          const outcomes = chainOf([...more, ...labels]);
          const { policies } = await replayHistory(history, { ...optionsOf(it), outcomes });
          return policies.map((policy) => costOf(policy).tasks);
        };
        const stable = (recipe: string) => it.steps.map((_, i) => label(i, recipe, "neutral"));
        const { rows, together, left } = await leverageOf(history, 9, {
          ...optionsOf(it),
          createChain: () => chainOf(labels),
        });
        const before = await costsWith([]);
        const savedWith = async (more: readonly Label[]) =>
          (await costsWith(more)).map((cost, i) => (before[i] as number) - cost);
        for (const row of rows)
          expect([row.recipe, row.saved.map((saving) => saving.saved.tasks)]).toEqual([
            row.recipe,
            await savedWith(stable(row.recipe)),
          ]);
        if (rows.length > 0)
          expect(together.map((saving) => saving.saved.tasks)).toEqual(
            await savedWith(rows.flatMap((row) => stable(row.recipe))),
          );
        expect(left).toBe(0);
      }),
      { numRuns: 12 },
    );
  });

  it("has a row for each recipe whose own change showed, and says who decided that, for which reason", async () => {
    const history = historyOf({
      uses: [[], ["a"], ["b"], []],
      steps: [[{ recipe: "a", outcome: "propagating" }], [{ recipe: "d", outcome: "neutral" }]],
      builder: "persistent",
    });
    const labels = [label(0, "a", "propagating", false), label(1, "d", "neutral")];
    const found = await leverageOf(history, 9, {
      ...optionsOf({ builder: "persistent" }),
      createChain: () => chainOf(labels),
    });
    expect(found.rows).toEqual([
      {
        recipe: "a",
        changes: 1,
        steps: 1,
        tasks: ["do_compile"],
        saved: ["equivhash", "equivhash-2018"].map((policy) => ({
          policy,
          saved: { tasks: policy === "equivhash" ? 4 : 0, seconds: undefined },
        })),
        why: [{ by: "labels", reason: "why a", sure: false, changes: 1 }],
      },
    ]);
    expect(found.together).toEqual(found.rows[0]?.saved);
  });
});
