import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Guesses } from "./guesses.ts";

describe("guesses of one address", () => {
  it("are looked at in advance up to a number, then as fast as they are answered", () => {
    const guesses = new Guesses(() => 0);
    const waits = Array.from({ length: 260 }, () => guesses.begin("a").waitMs);
    expect(waits.slice(0, 256).every((ms) => ms === 0)).toBe(true);
    expect(waits.slice(256)).toEqual([62.5, 125, 187.5, 250]);
    expect(guesses.begin("b").waitMs).toBe(0);
  });

  it("are no more than 16 a second and those in advance, however they come", () => {
    const steps = fc.array(fc.nat(2000), { minLength: 1, maxLength: 600 });
    fc.assert(
      fc.property(steps, (pauses) => {
        let now = 0;
        const guesses = new Guesses(() => now);
        const looks: number[] = [];
        for (const pause of pauses) {
          now += pause / 50;
          looks.push(now + guesses.begin("a").waitMs);
        }
        for (const [i, look] of looks.entries()) {
          const before = looks[i - 256 - 17];
          if (before !== undefined) expect(look - before).toBeGreaterThanOrEqual(1000);
        }
      }),
    );
  });

  it("that were none do not count", () => {
    const guesses = new Guesses(() => 0);
    for (let i = 0; i < 1000; i++) guesses.right(guesses.begin("a"));
    expect(guesses.begin("a")).toEqual({ address: "a", waitMs: 0, due: 1000 });
  });

  it("are forgotten when all are answered", () => {
    let now = 0;
    const guesses = new Guesses(() => now);
    for (let i = 0; i < 300; i++) guesses.begin("a");
    now = 60_000;
    expect(guesses.begin("a").due).toBe(61_000);
  });
});
