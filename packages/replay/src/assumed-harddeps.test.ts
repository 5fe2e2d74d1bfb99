import { assumeHardDependencies, type CaptureChange, type Task, TaskGraph } from "@depid/task-graph";
import { sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { AssumedHarddeps } from "./assumed-harddeps.ts";

const NAMES = ["do_prepare_recipe_sysroot", "do_package", "do_populate_sysroot"] as const;
const RECIPES = ["app", "base-passwd", "shadow-sysroot", "shadow-native", "pseudo-native", "sqlite3-native"] as const;

/** Steps: which recipes there are, and on the sysroots of which their tasks depend. */
const steps = fc.array(
  fc.dictionary(
    fc.constantFrom(...RECIPES),
    fc.record({
      isThere: fc.nat({ max: 4 }).map((n) => n > 0),
      users: fc.constantFrom(...NAMES.slice(0, 2)),
      sysroots: fc.subarray([...RECIPES]),
      renamed: fc.nat({ max: 4 }).map((n) => n === 0),
    }),
    { maxKeys: 4 },
  ),
  { minLength: 1, maxLength: 6 },
);

it("hard dependencies that follow a history are those that are assumed of each state of it", () => {
  fc.assert(
    fc.property(steps, (history) => {
      const graph = new TaskGraph([]);
      const follower = new AssumedHarddeps(graph);
      let recipes: Record<string, (typeof history)[number][string]> = {};
      for (const changes of history) {
        recipes = { ...recipes, ...changes };
        const wanted = rowsOf(recipes);
        const there = new Set(wanted.map(({ tid }) => tid));
        const strip = (task: Task | undefined) => JSON.stringify({ ...task, harddeps: [] });
        const change: CaptureChange = {
          upsert: wanted.filter((task) => strip(graph.find(task.tid)) !== strip(task)),
          remove: graph.tids.filter((tid) => !there.has(tid)),
        };
        const before = [...change.upsert.map(({ tid }) => tid), ...change.remove].flatMap(
          (tid) => graph.find(tid) ?? [],
        );
        graph.apply(change);
        const rows = follower.follow(change, before);
        const assumed = assumeHardDependencies(graph.tasks);
        for (const task of graph.tasks)
          expect([task.tid, task.harddeps]).toEqual([task.tid, assumed.get(task.tid) ?? []]);
        for (const row of rows) expect(graph.get(row.tid)).toBe(row);
      }
    }),
  );
});

/** A recipe's tasks, one of which depends on the sysroots of recipes that come before it and are there. */
function rowsOf(
  recipes: Readonly<Record<string, (typeof steps extends fc.Arbitrary<infer T> ? T : never)[number][string]>>,
): Task[] {
  const there = RECIPES.filter((pn) => recipes[pn]?.isThere === true);
  return there.flatMap((pn, place) => {
    const it = recipes[pn] as NonNullable<(typeof recipes)[string]>;
    const below = it.sysroots.filter((other) => there.indexOf(other) >= 0 && there.indexOf(other) < place);
    return NAMES.map((name) => {
      const deps = name === it.users ? below.map((other) => `${other}:do_populate_sysroot`) : [];
      const task = sketchTask(`${pn}:${name}`, { deps, setscene: name !== "do_prepare_recipe_sysroot" });
      return it.renamed ? { ...task, pn: `lib32-${pn}` } : task;
    });
  });
}
