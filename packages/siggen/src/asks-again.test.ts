import { type DepId, depIdOf, sha256Hex } from "@depid/hash";
import { TaskGraph } from "@depid/task-graph";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createEquivHash } from "./equivhash.ts";
import { computeSignatures, Signatures } from "./signatures.ts";

const drawn = fc.array(fc.record({ setscene: fc.boolean(), deps: fc.array(fc.nat(), { maxLength: 3 }) }), {
  minLength: 1,
  maxLength: 12,
});
/** Steps: which tasks change, and which taskhashes the server knows from then on by another depid, by a digit they begin with. */
const steps = fc.array(fc.record({ changed: fc.array(fc.nat(), { maxLength: 2 }), known: fc.nat({ max: 15 }) }), {
  maxLength: 5,
});

it("a new builder that hashes what changed, and asks again, has the signatures of one that hashes all", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, steps, async (tasks, history) => {
      const rowOf = (place: number, version: number) =>
        sketchTask(`p${place}:do_x`, {
          setscene: tasks[place]?.setscene === true,
          deps: place === 0 ? [] : [...new Set(tasks[place]?.deps.map((it) => `p${it % place}:do_x`))],
          basehash: basehashOf(`${place} ${version}`),
        });
      const graph = new TaskGraph(tasks.map((_, place) => rowOf(place, 0)));
      const known = new Set<string>();
      const source = {
        getDepIds: async (queries: readonly { readonly taskhash: string }[]): Promise<(DepId | undefined)[]> =>
          queries.map(({ taskhash }) => (known.has(taskhash[0] ?? "") ? (sha256Hex(taskhash) as DepId) : undefined)),
      };
      const generatorOfNewBuilder = () => createEquivHash({ source, method: "m" });
      const kept = new Signatures(graph, generatorOfNewBuilder());
      await kept.computeAll();
      for (const [i, step] of history.entries()) {
        const upsert = [...new Set(step.changed.map((it) => it % tasks.length))].map((place) => rowOf(place, i + 1));
        graph.apply({ upsert, remove: [] });
        known.add(step.known.toString(16));
        kept.goOnWith(generatorOfNewBuilder());
        await kept.update(
          upsert.map(({ tid }) => tid),
          {},
          true,
        );
        const judge = await computeSignatures(graph, generatorOfNewBuilder());
        const inOrder = kept.inOrderOf(graph.tids);
        for (const [place, tid] of graph.tids.entries()) {
          expect(kept.get(tid)).toEqual(judge.get(tid));
          expect(inOrder(place)).toBe(kept.get(tid));
          if (!graph.get(tid).setscene && graph.hasSetscene)
            expect(kept.get(tid).depid).toBe(depIdOf(judge.get(tid).taskhash));
        }
      }
    }),
  );
});
