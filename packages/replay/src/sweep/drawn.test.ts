import { sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawnBound } from "./drawn.ts";

const change = (step: number, name: string) => {
  const task = sketchTask(name);
  return { step: { step, id: `${step}`, commits: [] }, before: task, after: task };
};

describe("outcomes that are drawn", () => {
  it("are the same for all tasks of a recipe that a step changes", () => {
    const words = new Set<string>();
    for (let step = 0; step < 50; step++) {
      const bound = drawnBound({ seed: "s", neutral: 0.5 });
      const [one, other] = ["a:do_x", "a:do_y"].map((it) => bound.outcomeOf(change(step, it)));
      expect(one).toBe(other);
      words.add(one as string);
    }
    expect([...words].sort()).toEqual(["neutral", "propagating"]);
  });

  it("that are neutral stay so with a greater probability; with none nothing is, and with 1 everything", () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(probability, probability, fc.nat(1000), fc.string(), (p, q, step, seed) => {
        const outcome = (neutral: number) => drawnBound({ seed, neutral }).outcomeOf(change(step, "a:do_x"));
        if (outcome(Math.min(p, q)) === "neutral") expect(outcome(Math.max(p, q))).toBe("neutral");
        expect([outcome(0), outcome(1)]).toEqual(["propagating", "neutral"]);
      }),
    );
  });

  it("are neutral about as often as asked for", () => {
    const bound = drawnBound({ seed: "s", neutral: 0.3 });
    const steps = Array.from({ length: 10_000 }, (_, step) => bound.outcomeOf(change(step, "a:do_x")));
    const share = steps.filter((it) => it === "neutral").length / steps.length;
    expect(share).toBeGreaterThan(0.28);
    expect(share).toBeLessThan(0.32);
  });
});
