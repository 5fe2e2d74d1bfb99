import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashOf, selectionOf } from "./address.ts";
import { beginWith, type Choices, reduce, type Selection, UNITS, VIEWS } from "./state.ts";

const CHOICES: Choices = {
  policies: ["basichash", "equivhash"],
  builders: ["ci", "me"],
  steps: 5,
  counts: ["executed", "stale"],
  knowsTime: true,
};
const FIRST = beginWith(CHOICES, "equivhash", 2);

describe("a selection", () => {
  it("begins with the policy and the step that the verdict is about", () => {
    expect([FIRST.policy, FIRST.step, FIRST.view, FIRST.unit]).toEqual(["equivhash", 2, "overview", "time"]);
    expect(beginWith({ ...CHOICES, knowsTime: false }, "none", 0)).toMatchObject({
      policy: "basichash",
      unit: "tasks",
    });
  });

  it("steps no further than the history goes", () => {
    const after = (by: number) => reduce(FIRST, { type: "step", by }, CHOICES).step;
    expect([after(1), after(-1), after(99), after(-99)]).toEqual([3, 1, 4, 0]);
  });

  it("lists the tasks that a figure counts", () => {
    const listed = reduce(FIRST, { type: "list", policy: "basichash", count: "stale", scope: "all" }, CHOICES);
    expect(listed).toMatchObject({ view: "tasks", policy: "basichash", count: "stale", scope: "all", step: 2 });
  });

  it("stays as it was where something is chosen that there is not", () => {
    const wrong = { policy: "none", builder: "none", count: "none", step: Number.NaN, view: "none" as never };
    expect(reduce(FIRST, { type: "choose", part: wrong }, CHOICES)).toEqual(FIRST);
  });

  it("has no hours where none are known", () => {
    const choices = { ...CHOICES, knowsTime: false };
    expect(reduce(FIRST, { type: "choose", part: { unit: "time" } }, choices).unit).toBe("tasks");
  });
});

describe("an address", () => {
  const selections: fc.Arbitrary<Selection> = fc.record({
    view: fc.constantFrom(...VIEWS),
    policy: fc.constantFrom(...CHOICES.policies),
    builder: fc.constantFrom(...CHOICES.builders),
    step: fc.nat(4),
    scope: fc.constantFrom("step" as const, "all" as const),
    count: fc.constantFrom("", ...CHOICES.counts),
    task: fc.string({ unit: "grapheme" }),
    search: fc.string({ unit: "grapheme" }),
    unit: fc.constantFrom(...UNITS),
  });

  it("holds the selection, whatever tasks are called", () => {
    fc.assert(
      fc.property(selections, (selection) => {
        expect(selectionOf(hashOf(selection, FIRST), FIRST, CHOICES)).toEqual(selection);
      }),
    );
  });

  it("says nothing of what nobody has chosen", () => {
    expect(hashOf(FIRST, FIRST)).toBe("");
    expect(hashOf({ ...FIRST, step: 4, task: "a:do_x" }, FIRST)).toBe("#task=a%3Ado_x&step=4");
  });

  it("that anybody wrote gives a selection that there is", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (key, value) => {
        const { policy, builder, count, step } = selectionOf(`#${key}&step=${value}&policy=${value}`, FIRST, CHOICES);
        expect(CHOICES.policies).toContain(policy);
        expect(CHOICES.builders).toContain(builder);
        expect(["", ...CHOICES.counts]).toContain(count);
        expect(step >= 0 && step < CHOICES.steps).toBe(true);
      }),
    );
  });
});
