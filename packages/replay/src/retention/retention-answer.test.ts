import { describe, expect, it } from "vitest";
import type { RetentionCost } from "./measure-retention.ts";
import { answerOf } from "./retention-answer.ts";

const cost = (executed: number, seconds: number | undefined, bytes: number): RetentionCost => ({
  executed,
  restored: 10,
  seconds,
  most: { objects: 5, bytes },
});
const answer = (all: RetentionCost, ...points: RetentionCost[]) =>
  answerOf({
    policy: "p",
    all,
    points: points.map((it) => ({ ...it, rule: { rule: "lru", bytes: it.most.bytes } })),
  });

describe("the answer to how large a cache should be", () => {
  it("names the least that costs hardly more, and what the least of all costs", () => {
    expect(answer(cost(1000, 7200, 8e9), cost(1001, 7210, 4e9), cost(1500, 14400, 2e9))).toBe(
      "p: all objects take 8.0 GB and the builds cost 1,000 tasks, 2.0 h. 4.0 GB do as well, up to 1%: at most 4.0 GB, what was used first goes first (loses 1 tasks, 10 s, under 1%). With 2.0 GB, at most 2.0 GB, what was used first goes first: loses 500 tasks, 2.0 h, 100%.",
    );
  });

  it("tells tasks and time apart where more tasks take less time, as those that run are shorter than restoring", () => {
    expect(answer(cost(1000, 7200, 8e9), cost(1100, 7190, 4e9))).toContain(
      "(loses 100 tasks, and saves 10 s, under 1%)",
    );
  });

  it("counts tasks where no durations are known", () => {
    expect(answer(cost(1000, undefined, 8e9), cost(1000, undefined, 4e9), cost(1250, undefined, 2e9))).toBe(
      "p: all objects take 8.0 GB and the builds cost 1,000 tasks. 4.0 GB do as well, up to 1%: at most 4.0 GB, what was used first goes first (nothing lost). With 2.0 GB, at most 2.0 GB, what was used first goes first: loses 250 tasks, 25%.",
    );
  });

  it("says so where every limit costs more", () => {
    expect(answer(cost(1000, undefined, 8e9), cost(1250, undefined, 2e9))).toContain(
      "Every limit that was tried costs more than 1% more.",
    );
  });
});
