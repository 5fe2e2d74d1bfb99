import type { DepId, TaskHash } from "@depid/hash";
import { TaskGraph } from "@depid/task-graph";
import { sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { compileBuild } from "../plan.ts";
import type { TaskHashes } from "../task-hashes.ts";
import { TwinWatch } from "./twins.ts";

const drawn = fc.array(fc.record({ recipe: fc.nat({ max: 2 }), setscene: fc.nat({ max: 4 }).map((n) => n > 0) }), {
  minLength: 1,
  maxLength: 6,
});
/** Of each task its taskhash and its depid. */
const builds = fc.array(
  fc.record({
    hashes: fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })), { minLength: 6, maxLength: 6 }),
    isAnother: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

it("tasks that share a hash are found in each build, whatever the builds before had", () => {
  fc.assert(
    fc.property(drawn, builds, (tasks, history) => {
      const graph = new TaskGraph(
        tasks.map(({ recipe, setscene }, i) => sketchTask(`p${recipe}:do_t${i}`, { setscene })),
      );
      let plan = compileBuild(graph, {});
      const watch = new TwinWatch();
      let last: TaskHashes[] = [];
      for (const { hashes, isAnother } of history) {
        if (isAnother) plan = compileBuild(graph, {});
        const now = hashes.map(([taskhash, depid], i): TaskHashes => {
          const before = last[i];
          const isSame = before?.taskhash === `${taskhash}` && before.depid === `${depid}`;
          return isSame ? before : { taskhash: `${taskhash}` as TaskHash, depid: `${depid}` as DepId };
        });
        last = now;
        const { areDeferred, findSharing } = watch.look(plan, (task) => now[task] as TaskHashes);
        const places = plan.tids.flatMap((_, task) => (plan.setscene[task] === 1 ? [task] : []));
        const pnOf = (task: number) => plan.tasks[task]?.pn;
        const isFirst = (task: number, keyOf: (it: number) => unknown) =>
          places.find((it) => keyOf(it) === keyOf(task)) === task;
        expect(areDeferred).toBe(places.some((task) => !isFirst(task, (it) => `${pnOf(it)} ${now[it]?.depid}`)));
        const firstOf = (task: number) => places.find((it) => now[it]?.taskhash === now[task]?.taskhash) as number;
        expect(findSharing()).toEqual(places.filter((task) => pnOf(firstOf(task)) !== pnOf(task)));
      }
    }),
  );
});
