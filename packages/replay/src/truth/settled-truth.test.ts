import { type HistoryStep, type Task, TaskGraph } from "@depid/task-graph";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { OUTCOME_WORDS, type OutputSource, pessimistic } from "../outcomes/outcome-model.ts";
import { Contents } from "./truth.ts";

/** It knows nothing, but might know of any task: with it, all truths are looked for in every step. */
const knowsNothing: OutputSource = { name: "none", notes: [], follow: async () => {}, outputOf: () => undefined };

const drawn = fc.array(fc.record({ recipe: fc.nat({ max: 2 }), deps: fc.array(fc.nat(), { maxLength: 3 }) }), {
  minLength: 1,
  maxLength: 10,
});
const steps = fc.array(
  fc.array(
    fc.record({
      place: fc.nat(),
      version: fc.nat({ max: 2 }),
      deps: fc.option(fc.array(fc.nat(), { maxLength: 3 }), { nil: undefined }),
      outcome: fc.constantFrom(...OUTCOME_WORDS),
    }),
    { maxLength: 3 },
  ),
  { maxLength: 6 },
);

it("truths that are looked for where something changed are those that are looked for everywhere", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, steps, async (tasks, history) => {
      const nameOf = (place: number) => `p${tasks[place]?.recipe}-${place}:do_t${place}`;
      const rowOf = (place: number, version: number, deps: readonly number[]): Task => {
        const below = place === 0 ? [] : [...new Set(deps.map((it) => nameOf(it % place)))];
        return sketchTask(nameOf(place), {
          pn: `p${tasks[place]?.recipe}`,
          deps: below,
          basehash: basehashOf(`${place} ${version}`),
        });
      };
      let outcomes = new Map<string, (typeof OUTCOME_WORDS)[number]>();
      const asked = { name: "asked", outcomeOf: ({ after }: { readonly after: Task }) => outcomes.get(after.tid) };
      const graph = new TaskGraph([]);
      const found = new Contents(graph, new OutcomeChain([asked], pessimistic));
      const judge = new Contents(graph, new OutcomeChain([asked, knowsNothing], pessimistic));
      let before = new Map<string, string>();
      const first = tasks.map(({ deps }, place) => ({ place, version: 0, deps, outcome: "neutral" as const }));
      for (const [number, changes] of [first, ...history].entries()) {
        const byPlace = new Map(changes.map((change) => [change.place % tasks.length, change]));
        const upsert = [...byPlace].map(([place, { version, deps = tasks[place]?.deps ?? [] }]) =>
          rowOf(place, version, deps),
        );
        outcomes = new Map([...byPlace].map(([place, { outcome }]) => [rowOf(place, 0, []).tid, outcome]));
        const replaced = upsert.flatMap(({ tid }) => graph.find(tid) ?? []);
        graph.apply({ upsert, remove: [] });
        const step = { step: number, id: `${number}`, date: "", commits: [], change: { upsert, remove: [] } };
        for (const contents of [found, judge]) await contents.apply(step as unknown as HistoryStep, replaced);
        const truths = new Map(graph.tids.map((tid) => [tid as string, JSON.stringify(judge.truthOf(tid))]));
        for (const tid of graph.tids) expect(found.truthOf(tid)).toEqual(judge.truthOf(tid));
        expect(new Set(found.changed)).toEqual(
          new Set(graph.tids.filter((tid) => before.get(tid) !== truths.get(tid))),
        );
        before = truths;
      }
    }),
  );
});
