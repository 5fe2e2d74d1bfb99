import { basehashOf, sketchTask, tidOf } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { neutral } from "../outcomes/outcome-model.ts";
import { getPolicy } from "../policies/registry.ts";
import { replayHistory } from "../replay.ts";
import { createTableService, sketchHistory } from "../testing/index.ts";

/** Native recipes with a sysroot each, whose outhash holds the depids of the sysroots below. */
interface Drawn {
  /** Of each recipe the numbers of recipes that it hashes, and of those that it only waits for; those above it count from it on. */
  readonly recipes: readonly { readonly deps: readonly number[]; readonly waits: readonly number[] }[];
  /** Numbers of the recipes whose comments each step rewords. */
  readonly steps: readonly (readonly number[])[];
}

const numbers = (maxLength: number) => fc.uniqueArray(fc.nat({ max: 20 }), { maxLength });
const drawn: fc.Arbitrary<Drawn> = fc.record({
  recipes: fc.array(fc.record({ deps: numbers(2), waits: numbers(1) }), { minLength: 2, maxLength: 7 }),
  steps: fc.array(numbers(3), { minLength: 1, maxLength: 4 }),
});

/** Tasks executed in each step by a policy; nothing that changes ever changes an output. After the last step comes one in which nothing changes. */
async function executedBy(policy: string, { recipes, steps }: Drawn): Promise<readonly number[]> {
  const nameOf = (i: number): string => `r${i}-native:do_populate_sysroot`;
  const rowOf = (i: number, version: number) => {
    const below = (all: readonly number[] = []): string[] => (i === 0 ? [] : all.map((it) => nameOf(it % i)));
    const { deps, waits } = recipes[i] ?? {};
    const hashed = [...new Set(below(deps))];
    const first = below(waits).filter((it) => !hashed.includes(it));
    const task = sketchTask(nameOf(i), { setscene: true, deps: hashed, basehash: basehashOf(`${i} ${version}`) });
    return { ...task, execdeps: [...hashed, ...first].map(tidOf).sort() };
  };
  const changes = steps.map((reworded, step) => ({
    upsert: [...new Set(reworded.map((it) => it % recipes.length))].map((it) => rowOf(it, step + 1)),
  }));
  const history = sketchHistory(
    recipes.map((_, i) => rowOf(i, 0)),
    ...changes,
    {},
  );
  const { policies } = await replayHistory(history, {
    policies: [getPolicy(policy)],
    outcomes: new OutcomeChain([], neutral),
    service: createTableService(),
    namespace: "n",
    builder: "fresh",
    workers: 2,
    seed: 0,
    outhashExtra: "oe-core",
  });
  return policies[0]?.steps.map(({ executed }) => executed) ?? [];
}

describe("a task that waits for the answers below it", () => {
  it("reports the depids that these were answered: so the next build has what this one foresaw", async () => {
    // Two sysroots, one on the other, are reworded at once: the upper one's outhash is that of before only with the lower one's answer in it.
    const two = {
      recipes: [
        { deps: [], waits: [] },
        { deps: [0], waits: [] },
        { deps: [1], waits: [] },
      ],
      steps: [[0, 1]],
    };
    expect(await executedBy("equivhash-settled", two)).toEqual([3, 2, 0]);
  });

  it.each(["equivhash-settled", "per-consumer"])(
    "under %s: when all that changed were comments, a build after it in which nothing changes executes nothing",
    async (policy) => {
      await fc.assert(
        fc.asyncProperty(drawn, async (it) => {
          expect((await executedBy(policy, it)).at(-1)).toBe(0);
        }),
        { numRuns: 60 },
      );
    },
  );
});
