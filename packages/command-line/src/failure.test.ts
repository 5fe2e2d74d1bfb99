import { readFileSync } from "node:fs";
import { parseTid } from "@depid/hash";
import { describe, expect, it } from "vitest";
import { BUG, describeFailure } from "./failure.ts";

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("expected something to be thrown");
}

describe("an error that ends a program", () => {
  it.each<[string, () => unknown, string]>([
    ["of bad input", () => parseTid("x"), 'tid: expected "[mc:NAME:][virtual:VARIANT:]recipe-file:do_task", found "x"'],
    ["of the system", () => readFileSync("/nosuch"), "ENOENT: no such file or directory, open '/nosuch'"],
  ])("%s is one line, with the status of the program", async (_what, act, text) => {
    expect(await describeFailure(thrownBy(act), 2)).toEqual({ text, status: 2 });
  });

  it.each<[string, () => unknown]>([
    ["a TypeError", () => (undefined as unknown as string).length],
    ["a RangeError", () => new Array(-1)],
    ["a TypeError of Node's with a code", () => readFileSync(1.5 as unknown as string)],
  ])("that is %s is a bug: its stack is there to be reported, and the status is another", async (_what, act) => {
    const error = thrownBy(act) as Error;
    const { text, status } = await describeFailure(error, 2);
    expect(status).toBe(BUG);
    expect(text).toMatch(/^internal error, a bug of this program: please report it/);
    expect(text).toContain(error.message);
    expect(text).toMatch(/failure\.test\.ts/);
  });

  it("tells what is behind a bug, too", async () => {
    const error = new Error("outer", { cause: new RangeError("inner") });
    expect((await describeFailure(error, 2)).text).toContain("inner");
  });
});
