import { describe, expect, it } from "vitest";
import { RenewedThread, Thread } from "./thread.ts";

const FRAGILE = ["fragile-thread", new URL("./testing/index.ts", import.meta.url).href, undefined] as const;
const start = () => new Thread<undefined, string, string>(...FRAGILE);

describe("a thread of ours", () => {
  it("answers, and goes on after a question that fails", async () => {
    const thread = start();
    expect(await thread.ask("a")).toBe("a");
    await expect(thread.ask("fail")).rejects.toThrow(new RangeError("no answer to that"));
    expect(await thread.ask("b")).toBe("b");
    await thread.close();
  });

  it.each([
    ["ends", "die", "the thread fragile-thread has ended"],
    ["crashes", "crash", "crashed"],
  ])("that %s in the middle of a question fails it, and all after it; it can be closed", async (_what, how, said) => {
    const thread = start();
    expect(await thread.ask("a")).toBe("a");
    await expect(thread.ask(how)).rejects.toThrow(said);
    await expect(thread.ask("b")).rejects.toThrow("the thread fragile-thread has ended");
    await thread.close();
  });

  it.each(["die", "crash"])("that keeps nothing is followed by another when it was told to %s", async (how) => {
    const thread = new RenewedThread<undefined, string, string>(...FRAGILE);
    await expect(thread.ask(how)).rejects.toThrow();
    expect(await thread.ask("a")).toBe("a");
    await thread.close();
    await expect(thread.ask("b")).rejects.toThrow("has ended");
  });
});
