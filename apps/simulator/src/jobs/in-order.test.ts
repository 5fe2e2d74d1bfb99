import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Backlog, InOrder } from "./in-order.ts";

describe("things that several make", () => {
  it("are taken in the order that was known before, one at a time, whoever gives which first", async () => {
    const names = ["a", "b", "c", "d", "e"];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(names, { minLength: names.length }), async (given) => {
        const log: string[] = [];
        const order = new InOrder<string>(names, async (it) => {
          log.push(`take ${it}`);
          await Promise.resolve();
          log.push(`taken ${it}`);
        });
        await Promise.all(given.map((it) => order.give(it, it)));
        expect(log).toEqual(names.flatMap((it) => [`take ${it}`, `taken ${it}`]));
      }),
    );
  });

  it("are not held up by one that cannot be taken, of which who gave it hears", async () => {
    const taken: string[] = [];
    const order = new InOrder<string>(["a", "b"], async (it) => {
      if (it === "a") throw new Error("no");
      taken.push(it);
    });
    const [b, a] = await Promise.allSettled([order.give("b", "b"), order.give("a", "a")]);
    expect([a.status, b.status, taken]).toEqual(["rejected", "fulfilled", ["b"]]);
  });

  it("let who makes them go on while few are not taken", async () => {
    const backlog = new Backlog();
    const release: (() => void)[] = [];
    const give = () => backlog.add(new Promise((resolve) => release.push(resolve)));
    for (let i = 0; i < 8; i++) await give();
    let goesOn = false;
    const ninth = give().then(() => {
      goesOn = true;
    });
    await Promise.resolve();
    expect(goesOn).toBe(false);
    release[0]?.();
    await ninth;
    for (const it of release) it();
    await backlog.end();
  });
});
