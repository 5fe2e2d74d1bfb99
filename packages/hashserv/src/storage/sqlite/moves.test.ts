import { describe, expect, it } from "vitest";
import { Moves } from "./moves.ts";

describe("moves of pages", () => {
  it("are counted when they have ended, over all that share their memory", () => {
    const ours = new Moves();
    expect(ours.count).toBe(0);
    const thread = new Moves(ours.shared);
    const during = thread.around(() => ours.count);
    expect([during, ours.count, thread.count]).toEqual([undefined, 1, 1]);
  });

  it("have ended, too, when they fail", () => {
    const moves = new Moves();
    expect(() =>
      moves.around(() => {
        throw new Error("no room");
      }),
    ).toThrow("no room");
    expect(moves.count).toBe(1);
  });

  it("are under way while one of several is", () => {
    const moves = new Moves();
    const during = moves.around(() => {
      new Moves(moves.shared).around(() => {});
      return moves.count;
    });
    expect([during, moves.count]).toEqual([undefined, 2]);
  });

  it("that never ended, as their thread died, have when nobody is at work", () => {
    const moves = new Moves();
    Atomics.add(new Int32Array(moves.shared), 0, 1);
    expect(moves.count).toBeUndefined();
    moves.settle();
    expect(moves.count).toBe(1);
  });
});
