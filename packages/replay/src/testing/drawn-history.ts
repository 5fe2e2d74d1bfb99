import type { History, Task } from "@depid/task-graph";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import type { OutcomeWord } from "../outcomes/outcome-model.ts";
import { sketchHistory } from "./sketch-history.ts";

/** Up to eight tasks of the recipes p0 to p3, each of which depends on some before it: numbers of tasks, which count from the task on. */
export const drawnTasks = fc.array(
  fc.record({
    recipe: fc.nat({ max: 3 }),
    setscene: fc.boolean(),
    deps: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 2 }),
  }),
  { minLength: 2, maxLength: 8 },
);

/** Up to five changes of one task each, and what each does to its output. */
export const drawnSteps = fc.array(
  fc.record({ place: fc.nat({ max: 7 }), outcome: fc.constantFrom("neutral", "contained", "propagating") }),
  { minLength: 1, maxLength: 5 },
);

type Drawn<T> = T extends fc.Arbitrary<infer Value> ? Value : never;

/** A history that was drawn. */
export interface DrawnHistory {
  readonly history: History;
  /** `PN:TASK` of the task that a step changes; `undefined` in the first step. */
  readonly changedIn: (step: number) => string | undefined;
  readonly outcomeIn: (step: number) => OutcomeWord | undefined;
}

export function historyOf(tasks: Drawn<typeof drawnTasks>, steps: Drawn<typeof drawnSteps>): DrawnHistory {
  const idOf = (i: number): string => `p${tasks[i]?.recipe}:do_t${i}`;
  const rowOf = (i: number, version: number): Task => {
    const below = i === 0 ? [] : [...new Set(tasks[i]?.deps.map((place) => place % i))];
    const setscene = tasks[i]?.setscene === true;
    return sketchTask(idOf(i), { setscene, deps: below.map(idOf), basehash: basehashOf(`${i} ${version}`) });
  };
  const changed = (step: number) => steps[step - 1];
  return {
    history: sketchHistory(
      tasks.map((_, i) => rowOf(i, 0)),
      ...steps.map(({ place }, step) => ({ upsert: [rowOf(place % tasks.length, step + 1)] })),
    ),
    changedIn: (step) => {
      const change = changed(step);
      return change && idOf(change.place % tasks.length);
    },
    outcomeIn: (step) => changed(step)?.outcome as OutcomeWord | undefined,
  };
}
