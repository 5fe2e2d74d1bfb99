import { expect, it } from "vitest";
import { CircuitBreaker } from "./circuit-breaker.ts";

const fails = async () => {
  throw new Error("no");
};
const works = async () => "yes";

it("leaves alone who fails: a quarter of a second, then twice as long, at most half a minute", async () => {
  let now = 0;
  const breaker = new CircuitBreaker(() => now);
  const attempts: number[] = [];
  const attempt = () =>
    breaker.attempt(
      () => {
        attempts.push(now);
        return fails();
      },
      () => {},
    );
  for (; attempts.length < 10; now += 50) expect(await attempt()).toBeUndefined();
  const pauses = attempts.slice(1).map((at, i) => at - (attempts[i] ?? 0));
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  expect(breaker.closed).toBe(false);
  now += 30_000;
  expect(await breaker.attempt(works, () => {})).toBe("yes");
  expect(breaker.closed).toBe(true);
});

it("makes one attempt after the pause, and nobody else waits for it", async () => {
  let now = 0;
  const breaker = new CircuitBreaker(() => now);
  await breaker.attempt(fails, () => {});
  now = 1000;
  let answer = (_text: string) => {};
  const slow = breaker.attempt(
    () =>
      new Promise<string>((resolve) => {
        answer = resolve;
      }),
    () => {},
  );
  expect(await breaker.attempt(works, () => {})).toBeUndefined();
  answer("back");
  expect(await slow).toBe("back");
  expect(await breaker.attempt(works, () => {})).toBe("yes");
});

it("counts attempts that fail together as one", async () => {
  let now = 0;
  const breaker = new CircuitBreaker(() => now);
  await Promise.all(Array.from({ length: 10 }, () => breaker.attempt(fails, () => {})));
  now = 250;
  expect(await breaker.attempt(works, () => {})).toBe("yes");
});

it("what its owner does not take for a failure of the other side is passed on", async () => {
  const breaker = new CircuitBreaker(() => 0);
  const bug = new TypeError("undefined is not a function");
  const work = () => Promise.reject(bug);
  const onFailure = (error: unknown) => {
    throw error;
  };
  await expect(breaker.attempt(work, onFailure)).rejects.toBe(bug);
});
