import { describe, expect, it } from "vitest";
import { Turn } from "./turn.ts";

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe("a turn of the event loop", () => {
  it("has all work done in one go, in order, once what has arrived is read", async () => {
    const turn = new Turn();
    const done: string[] = [];
    turn.join(() => {
      done.push("one");
      queueMicrotask(() => done.push("after one"));
    });
    turn.join(() => done.push("two"));
    expect(done).toEqual([]);
    await nextTurn();
    expect(done).toEqual(["one", "two", "after one"]);
  });

  it("leaves work that is found meanwhile to the next", async () => {
    const turn = new Turn();
    const done: string[] = [];
    turn.join(() => {
      done.push("one");
      turn.join(() => done.push("two"));
    });
    await nextTurn();
    expect(done).toEqual(["one"]);
    await nextTurn();
    expect(done).toEqual(["one", "two"]);
  });

  it("has what comes first done at once where one came alone in the turn before", async () => {
    const turn = new Turn();
    const done: string[] = [];
    turn.join(() => done.push("alone"));
    await nextTurn();
    turn.join(() => {
      done.push("first");
      turn.join(() => done.push("found meanwhile"));
    });
    turn.join(() => done.push("second"));
    expect(done).toEqual(["alone", "first"]);
    await nextTurn();
    expect(done).toEqual(["alone", "first", "found meanwhile", "second"]);
    turn.join(() => done.push("after several"));
    expect(done).not.toContain("after several");
    await nextTurn();
    expect(done).toContain("after several");
  });

  it("does at once what comes alone again and again", async () => {
    const turn = new Turn();
    let done = 0;
    turn.join(() => done++);
    for (let times = 1; times < 4; times++) {
      await nextTurn();
      turn.join(() => done++);
      expect(done).toBe(times + 1);
    }
  });
});
