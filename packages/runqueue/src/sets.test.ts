import { type DepId, sha256Hex, type TaskHash } from "@depid/hash";
import type { TaskHashInput } from "@depid/siggen";
import { neighboursOf, TaskGraph } from "@depid/task-graph";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createBuilder } from "./builder.ts";
import type { DepValid } from "./depvalid.ts";
import type { BuildEffect } from "./effect.ts";
import type { BuildPlan } from "./plan.ts";
import { findCovers, findUsers } from "./setscene-graph.ts";
import { COVERED, NOT_COVERED } from "./state/setscene-state.ts";
import { type BuildState, createState, isCovered, isNotCovered } from "./state/state.ts";
import { step } from "./step.ts";
import { digestsOf, hashesFrom, planOfAll, tasksOfDrawn } from "./testing/index.ts";

const drawnTasks = fc.array(
  fc.record({
    recipe: fc.nat({ max: 3 }),
    setscene: fc.boolean(),
    noexec: fc.nat({ max: 9 }).map((n) => n === 0),
    deps: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 16 },
);

/** Arbitrary, but always the same: which setscene tasks their users need. */
const depValid: DepValid = (task, users) => (task.tid.length + users.length) % 2 === 0;

/** The sets of runqueue.md section 8, from their definitions. */
function defineSets(plan: BuildPlan, state: BuildState) {
  const all = plan.tids.map((_, i) => i);
  const setscene = all.filter((i) => plan.setscene[i] === 1);
  const side = (bit: number): number[] => setscene.filter((i) => ((state.setscene.decision[i] as number) & bit) !== 0);
  const withCovers = (tasks: readonly number[]): Set<number> =>
    new Set(tasks.flatMap((task) => [task, ...findCovers(plan, task)]));
  const isProcessed = (i: number): boolean => state.setscene.processed[i] === 1;
  const always = all.filter((i) => plan.cantSkip[i] === 1 || (plan.unskippable[i] === 1 && plan.setscene[i] === 0));
  const notCovered = new Set([...withCovers(side(NOT_COVERED)), ...always].filter(isProcessed));
  const covered = new Set([...withCovers(side(COVERED))].filter((i) => !notCovered.has(i) && isProcessed(i)));
  const heldOff = withCovers(setscene.filter((i) => state.setscene.decision[i] === 0));
  const mayStart = all.filter(
    (i) =>
      neighboursOf(plan.dependencies, i).every((dependency) => state.real.complete[dependency] === 1) &&
      (covered.has(i) || notCovered.has(i)) &&
      !heldOff.has(i) &&
      state.real.started[i] === 0,
  );
  const ready = setscene.filter((i) => findUsers(plan, i).every((user) => state.setscene.decision[user] !== 0));
  const sorted = (tasks: Iterable<number>): number[] => [...tasks].sort((a, b) => a - b);
  return { covered: sorted(covered), notCovered: sorted(notCovered), mayStart: sorted(mayStart), ready };
}

function countedSets(plan: BuildPlan, state: BuildState) {
  const all = plan.tids.map((_, i) => i);
  return {
    covered: all.filter((i) => isCovered(state, i)),
    notCovered: all.filter((i) => isNotCovered(state, i)),
    mayStart: all.filter((i) => state.real.startable.has(plan.rank[i] as number)),
    ready: all.filter((i) => plan.setscene[i] === 1 && state.setscene.undecidedAbove[i] === 0),
  };
}

it("the sets that are counted are those that are defined, after every step", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(drawnTasks, fc.infiniteStream(fc.nat()), fc.nat({ max: 4 }), (drawn, numbers, more) => {
      const graph = new TaskGraph(tasksOfDrawn(drawn));
      const plan = planOfAll(graph);
      const draw = (below: number): number => (numbers.next().value as number) % below;
      const hashesOf = hashesFrom(digestsOf(graph));
      const hash = (text: string) => sha256Hex(text) as TaskHash & DepId;
      // Few depids, so that they often come out as they were.
      const generator = { taskhash: ({ tid, depids }: TaskHashInput) => hash(`${tid} ${depids.join(" ")}`) };
      const rules = { hashesOf, stampHash: "depid", depValid, generator } as const;
      const state = createState(plan, createBuilder(), { ...rules, workers: 1 + more });
      const running: (BuildEffect & { readonly type: "start" })[] = [];
      const tell = (effects: readonly BuildEffect[]): boolean => {
        expect(countedSets(plan, state)).toEqual(defineSets(plan, state));
        running.push(...effects.filter((effect) => effect.type === "start"));
        const at = state.now;
        for (const effect of effects) {
          if (effect.type === "check") {
            tell(step(state, { type: "checked", at, found: effect.tasks.map(() => draw(2) === 0) }));
          } else if (effect.type === "look-up") {
            const depids = effect.requests.map(({ task, taskhash }) => hash(draw(2) ? taskhash : `${task}`));
            tell(step(state, { type: "looked-up", at, depids }));
          } else if (effect.type === "declare") {
            const depids = effect.rows.map(({ task, depid }) => (draw(2) ? depid : hash(`other ${task}`)));
            tell(step(state, { type: "declared", at, depids }));
          } else continue;
          return true;
        }
        return false;
      };
      const decide = (): void => {
        while (tell(step(state, { type: "decide", at: state.now })));
      };
      tell(step(state, { type: "begin", at: 0 }));
      decide();
      while (state.phase !== "ended") {
        const [{ task, variant } = { task: -1, variant: "real" as const }] = running.splice(draw(running.length), 1);
        const ok = variant === "real" || draw(4) > 0;
        const isAnswered = variant === "real" && plan.setscene[task] === 1 && draw(2) === 0;
        const answer = isAnswered ? { depid: hash(`${task}`) } : {};
        tell(step(state, { type: "finished", at: state.now + 1, task, variant, ok, ...answer }));
        if (draw(2) === 0 || running.length === 0) decide();
      }
      expect(state.endState).toBe(state.migration.isImpossible ? "FAILED" : "COMPLETE");
      for (const event of state.log) seen.add(event.type);
    }),
    { numRuns: 300 },
  );
  const rehash = ["updated", "rehashed", "remapped", "migrated"];
  expect(rehash.filter((type) => !seen.has(type))).toEqual([]);
});
