import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchStorage } from "./watch-storage.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Watches a storage that is as these reasons say, one for each second; `undefined`: it is well. @returns what is said in each */
async function watch(...reasons: readonly (string | undefined)[]): Promise<readonly string[]> {
  let reason: string | undefined;
  let said: string[] = [];
  const end = watchStorage(
    { check: async () => (reason === undefined ? undefined : Promise.reject(new Error(reason))) },
    (level, text) => said.push(`${level}: ${text}`),
  );
  const seconds: string[] = [];
  for (reason of reasons) {
    await vi.advanceTimersByTimeAsync(1_000);
    seconds.push(said.join("; "));
    said = [];
  }
  end();
  reason = "nobody looks any more";
  await vi.advanceTimersByTimeAsync(10_000);
  expect(said).toEqual([]);
  return seconds;
}

it("a storage that fails is noticed within a second, without a request, and said once; so is that it is well again", async () => {
  expect(await watch(undefined, "gone", "gone", undefined, undefined, "gone again")).toEqual([
    "",
    "ERROR: gone",
    "",
    "WARNING: the database is well again",
    "",
    "ERROR: gone again",
  ]);
});

it("a storage that does not answer is not asked again before it does", async () => {
  const asked: ((error: Error) => void)[] = [];
  const said: string[] = [];
  const check = () => new Promise<void>((_, reject) => void asked.push(reject));
  const end = watchStorage({ check }, (_level, text) => said.push(text));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.length).toBe(1);
  end();
  asked[0]?.(new Error("too late"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([asked.length, said]).toEqual([1, []]);
});
