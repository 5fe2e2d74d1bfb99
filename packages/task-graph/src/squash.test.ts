import type { Tid } from "@depid/hash";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { HistoryStep } from "./history.ts";
import { squashHistory } from "./squash.ts";
import { TaskGraph } from "./task-graph.ts";
import { basehashOf, sketchTask, tidOf } from "./testing/index.ts";

const NAMES = ["a:do_x", "b:do_x", "c:do_x", "d:do_x"];

/** Each step says of each task whether it is there, and in which version. */
const states = fc.array(fc.tuple(...NAMES.map(() => fc.option(fc.nat(2)))), { minLength: 1, maxLength: 6 });

function historyOf(all: readonly (readonly (number | null)[])[]): HistoryStep[] {
  let before: readonly (number | null)[] = NAMES.map(() => null);
  return all.map((state, step) => {
    const upsert = NAMES.flatMap((name, i) =>
      state[i] === null || state[i] === before[i]
        ? []
        : [sketchTask(name, { basehash: basehashOf(`${name} ${state[i]}`) })],
    );
    const remove = NAMES.flatMap((name, i): Tid[] => (state[i] === null && before[i] !== null ? [tidOf(name)] : []));
    before = state;
    const expected = { tasks: state.filter((it) => it !== null).length, taskhashes: "0".repeat(64) };
    return {
      step,
      id: `c${step}`,
      date: "",
      commits: [{ id: `c${step}`, title: "" }],
      change: { upsert, remove },
      expect: expected,
    };
  });
}

it("a squashed history leads to the same states as the whole one, and has all its commits up to the last step kept", () => {
  fc.assert(
    fc.property(states, fc.func(fc.boolean()), (all, isKept) => {
      const steps = historyOf(all);
      const squashed = squashHistory({ header: {}, steps }, isKept);
      const whole = new TaskGraph([]);
      const some = new TaskGraph([]);
      const reached = new Map(
        steps.map((step) => {
          whole.apply(step.change);
          return [step.step, whole.tasks] as const;
        }),
      );
      for (const step of squashed.steps) {
        some.apply(step.change);
        expect(some.tasks).toEqual(reached.get(step.step));
      }
      const last = squashed.steps.at(-1)?.step ?? 0;
      expect(squashed.steps.flatMap((step) => step.commits)).toEqual(
        steps.slice(0, last + 1).flatMap((step) => step.commits),
      );
      expect(squashed.steps.map((step) => step.step)).toEqual(
        steps.map((step) => step.step).filter((step) => step === 0 || isKept(step)),
      );
    }),
  );
});
