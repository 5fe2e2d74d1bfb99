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
});
