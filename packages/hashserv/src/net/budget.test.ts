import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget, type Holder } from "./budget.ts";

function setUp(most: number, names: readonly string[]) {
  const budget = new Budget(most);
  const gone: string[] = [];
  const holders = new Map<string, Holder>(names.map((name) => [name, { giveUp: () => void gone.push(name) }]));
  const hold = (name: string, bytes: number) => budget.hold(holders.get(name) as Holder, bytes);
  return { budget, gone, hold };
}

describe("the budget of what is held for clients", () => {
  it("has those give up who have held theirs for longest, until it is enough", () => {
    const { budget, gone, hold } = setUp(100, ["a", "b", "c"]);
    hold("a", 40);
    hold("b", 50);
    hold("a", 45);
    expect(gone).toEqual([]);
    hold("c", 60);
    expect(gone).toEqual(["a", "b"]);
    expect(budget.held).toBe(60);
  });

  it("spares those who give something back", () => {
    const { gone, hold } = setUp(100, ["a", "b", "c"]);
    hold("a", 40);
    hold("b", 50);
    hold("a", 30);
    hold("c", 30);
    expect(gone).toEqual(["b"]);
  });

  it("has one alone give up that takes more than there is", () => {
    const { budget, gone, hold } = setUp(100, ["a"]);
    hold("a", 101);
    expect([gone, budget.held]).toEqual([["a"], 0]);
  });

  it("is never exceeded, and counts what is held, whatever happens", () => {
    const names = ["a", "b", "c", "d"];
    const step = fc.tuple(fc.constantFrom(...names), fc.nat(120));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { budget, gone, hold } = setUp(200, names);
        const held = new Map<string, number>();
        for (const [name, bytes] of steps) {
          held.set(name, bytes);
          hold(name, bytes);
          for (const one of gone.splice(0)) held.set(one, 0);
          const all = [...held.values()].reduce((sum, one) => sum + one, 0);
          expect(budget.held).toBe(all);
          expect(all).toBeLessThanOrEqual(200);
        }
      }),
    );
  });
});
