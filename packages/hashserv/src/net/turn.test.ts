import { afterEach, describe, expect, it, vi } from "vitest";
import { Turn, type Work } from "./turn.ts";

afterEach(() => vi.restoreAllMocks());

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
/** Lets the event loop turn until something is so, which must be soon. */
async function turnsUntil(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 20 && !isSo(); i++) await nextTurn();
}
/** Work that is through when it has done this. */
const through =
  (work: () => unknown): Work =>
  () => {
    work();
    return true;
  };

describe("a turn of the event loop", () => {
  it("has all work done in one go, in order, once what has arrived is read", async () => {
    const turn = new Turn();
    const done: string[] = [];
    turn.join(
      through(() => {
        done.push("one");
        queueMicrotask(() => done.push("after one"));
      }),
    );
    turn.join(through(() => done.push("two")));
    expect(done).toEqual([]);
    await nextTurn();
    expect(done).toEqual(["one", "two", "after one"]);
  });

  it("leaves work that is found meanwhile to the next", async () => {
    const turn = new Turn();
    const done: string[] = [];
    turn.join(
      through(() => {
        done.push("one");
        turn.join(through(() => done.push("two")));
      }),
    );
    await nextTurn();
    expect(done).toEqual(["one"]);
    await nextTurn();
    expect(done).toEqual(["one", "two"]);
  });

  it("has what comes first done at once where one came alone in the turn before", async () => {
    const turn = new Turn();
    const done: string[] = [];
    turn.join(through(() => done.push("alone")));
    await nextTurn();
    turn.join(
      through(() => {
        done.push("first");
        turn.join(through(() => done.push("found meanwhile")));
      }),
    );
    turn.join(through(() => done.push("second")));
    expect(done).toEqual(["alone", "first"]);
    await nextTurn();
    expect(done).toEqual(["alone", "first", "found meanwhile", "second"]);
    turn.join(through(() => done.push("after several")));
    expect(done).not.toContain("after several");
    await nextTurn();
    expect(done).toContain("after several");
  });

  it("does at once what comes alone again and again", async () => {
    const turn = new Turn();
    let done = 0;
    turn.join(through(() => done++));
    for (let times = 1; times < 4; times++) {
      await nextTurn();
      turn.join(through(() => done++));
      expect(done).toBe(times + 1);
    }
  });
});

describe("work that is left over", () => {
  /** A clock that each piece of work sets forward. */
  function setUp() {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const turn = new Turn();
    const done: string[] = [];
    const work = (name: string, ms: number, isThrough = true): Work => {
      return () => {
        done.push(name);
        now += ms;
        return isThrough;
      };
    };
    return { turn, done, work };
  }

  it("has its turn behind all that has arrived", async () => {
    const { turn, done, work } = setUp();
    turn.leaveOver(work("left over", 1));
    turn.join(work("one", 1));
    turn.join(work("two", 1));
    await turnsUntil(() => done.length === 3);
    expect(done).toEqual(["one", "two", "left over"]);
  });

  it("waits until nothing new comes, and who asks for least is answered first", async () => {
    const { turn, done, work } = setUp();
    turn.leaveOver(work("left over", 9));
    for (const size of [500, 70_000, 20, 900]) {
      turn.join(work(`asks for ${size}`, 9), () => size);
      await nextTurn();
      expect(done).toEqual([]);
    }
    await turnsUntil(() => done.length === 5);
    expect(done[0]).toBe("asks for 20");
  });

  it("is done before others when it is little, though the time was over before it was through", async () => {
    const { turn, done, work } = setUp();
    for (const name of ["greedy", "greedy, too"]) turn.leaveOver(work(name, 9), () => 100_000);
    const interrupted = () => {
      turn.leaveOver(work("its rest", 1), () => 80);
      return true;
    };
    turn.join(interrupted, () => 80);
    await turnsUntil(() => done.length === 3);
    expect(done).toEqual(["greedy", "its rest", "greedy, too"]);
  });

  it("waits while connections come, of which a turn of the event loop takes one", async () => {
    const { turn, done, work } = setUp();
    for (const name of ["greedy", "greedy, too"]) turn.leaveOver(work(name, 9));
    for (let i = 0; i < 20; i++) {
      turn.arrived();
      await nextTurn();
      expect(done).toEqual([]);
    }
    turn.join(work("came last", 1));
    await turnsUntil(() => done.length > 0);
    expect(done[0]).toBe("came last");
  });

  it("does not wait for ever for those who come", async () => {
    const { turn, done, work } = setUp();
    turn.leaveOver(work("left over", 1));
    for (let i = 0; done.length === 0; i++) {
      expect(i).toBeLessThan(1_000);
      turn.arrived();
      await nextTurn();
    }
  });

  it("is gone on with in its order as long as there is time, and in the next turn behind what has come since", async () => {
    const { turn, done, work } = setUp();
    for (const name of ["a", "b", "c", "d"]) turn.leaveOver(work(name, 3));
    await nextTurn();
    expect(done).toEqual(["a", "b", "c"]);
    turn.join(work("new", 1));
    turn.leaveOver(work("a again", 3));
    await turnsUntil(() => done.length === 6);
    expect(done.slice(3)).toEqual(["new", "d", "a again"]);
  });

  it("is not followed by more in a turn when it is not through at once", async () => {
    const { turn, done, work } = setUp();
    for (const name of ["a", "b"]) turn.leaveOver(work(name, 0, false));
    await nextTurn();
    expect(done).toEqual(["a"]);
    await nextTurn();
    expect(done).toEqual(["a", "b"]);
  });

  it("is what has arrived, too, when there is more of it than a turn has time for; none of it waits for ever", async () => {
    const { turn, done, work } = setUp();
    for (const name of ["a", "b", "c"]) turn.join(work(name, 6));
    await nextTurn();
    expect(done).toEqual(["a", "b", "c"]);
    for (const name of ["d", "e", "f"]) turn.join(work(name, 6));
    turn.leaveOver(work("left over", 6));
    await turnsUntil(() => done.length === 6);
    expect(done.slice(3)).toEqual(["d", "e", "f"]);
    for (const name of ["g", "h"]) turn.join(work(name, 6));
    await turnsUntil(() => done.length === 9);
    expect(done.slice(6)).toEqual(["g", "h", "left over"]);
  });
});
