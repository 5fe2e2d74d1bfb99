import { describe, expect, it } from "vitest";
import { type Call, findOrder } from "./history.ts";

/** Calls on one number: `set N` gives what it was before, `get` gives it. */
function call(what: string, called: number, ended: number, answer?: number): Call<number> {
  const [name, value] = what.split(" ");
  const apply = (state: number) => ({ state: name === "set" ? Number(value) : state, answer: state });
  return { what, called, ended, apply, answer: answer === undefined ? undefined : { of: answer } };
}

describe("calls of several clients", () => {
  it.each<[string, readonly Call<number>[], readonly string[] | undefined]>([
    ["one after another have their order", [call("set 1", 1, 2, 0), call("get", 3, 4, 1)], ["set 1", "get"]],
    [
      "at the same time have the order that explains them",
      [call("set 1", 1, 4, 0), call("get", 2, 3, 0)],
      ["get", "set 1"],
    ],
    [
      "have none when an answer is older than what ended before",
      [call("set 1", 1, 2, 0), call("get", 3, 4, 0)],
      undefined,
    ],
    [
      "have none when two saw the other order",
      [call("set 1", 1, 9, 0), call("get", 2, 3, 1), call("get", 4, 5, 0)],
      undefined,
    ],
    ["without an answer may have come to something", [call("set 1", 1, 2), call("get", 3, 4, 1)], ["set 1", "get"]],
    ["or to nothing", [call("set 1", 1, 2), call("get", 3, 4, 0)], ["get"]],
    ["but not later", [call("set 1", 1, 2), call("get", 3, 4, 0), call("get", 5, 6, 1)], undefined],
  ])("%s", (_name, calls, order) => {
    expect(findOrder(0, calls)?.map(({ what }) => what)).toEqual(order);
  });
});
