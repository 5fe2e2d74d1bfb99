import { describe, expect, it } from "vitest";
import { DirectAttempts } from "./direct-attempts.ts";

/** Which of so many builds are attempted, when these attempts are given up. */
function attempted(builds: number, isGivenUp: (build: number) => boolean): number[] {
  const attempts = new DirectAttempts();
  return Array.from({ length: builds }, (_, build) => build).filter((build) => {
    const isDue = attempts.isDue();
    if (isDue) attempts.note(!isGivenUp(build));
    return isDue;
  });
}

describe("A build that may change its mind is attempted directly", () => {
  it("each time, where none is given up", () => {
    expect(attempted(5, () => false)).toEqual([0, 1, 2, 3, 4]);
  });

  it("more and more seldom, where all are given up, but every sixteenth time at least", () => {
    expect(attempted(60, () => true)).toEqual([0, 2, 6, 14, 30, 46]);
  });

  it("each time again after one that was not given up", () => {
    expect(attempted(12, (build) => build < 6)).toEqual([0, 2, 6, 7, 8, 9, 10, 11]);
  });
});
