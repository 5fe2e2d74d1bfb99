import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMoving } from "./moving-line.ts";
import { PlainLines } from "./plain-lines.ts";
import type { ProgressStep } from "./progress.ts";

function linesOf(steps: readonly ProgressStep[]): string[] {
  const lines = new PlainLines();
  return steps.flatMap((step) => lines.lineOf(step) ?? []);
}

const counting = (all: number, total?: number): ProgressStep[] =>
  Array.from({ length: all }, (_, i) => ({ things: "files", done: i + 1, ...(total === undefined ? {} : { total }) }));

describe("where no line moves", () => {
  it("each stage is told once", () => {
    const stages = ["replay: step 1 of 2", "replay: step 1 of 2", "replay: step 2 of 2"];
    expect(linesOf(stages.map((stage, done) => ({ stage, done, total: 3 })))).toEqual([
      "replay: step 1 of 2",
      "replay: step 2 of 2",
    ]);
  });

  it("of things that are counted every tenth of all is", () => {
    expect(linesOf(counting(30, 30))).toEqual(
      [3, 6, 9, 12, 15, 18, 21, 24, 27, 30].map((done) => `${done} of 30 files`),
    );
  });

  it("and every 100,000th, where nobody knows how many there are", () => {
    expect(linesOf(counting(250_000))).toEqual(["100000 files", "200000 files"]);
  });

  it("however many there are, and in whatever steps: ten lines at most, and the last one tells the end", () => {
    const count = fc
      .array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 60 })
      .map((ascents) => ascents.map((_, i) => ascents.slice(0, i + 1).reduce((sum, it) => sum + it, 0)));
    fc.assert(
      fc.property(count, (dones) => {
        const total = dones.at(-1) ?? 0;
        const lines = linesOf(dones.map((done) => ({ things: "files", done, total })));
        expect(lines.length).toBeLessThanOrEqual(10);
        expect(lines.at(-1)).toBe(`${total} of ${total} files`);
      }),
    );
  });
});

describe("a line that moves", () => {
  it.each<[ProgressStep, string]>([
    [{ stage: "state 3 of 4  zlib", done: 2, total: 4 }, "████████████░░░░░░░░░░░░  state 3 of 4  zlib"],
    [
      { stage: "replay: step 1 of 2", detail: "basic", done: 12, total: 12 },
      "████████████████████████  replay: step 1 of 2  basic",
    ],
    [{ things: "files", done: 1, total: 24 }, "█░░░░░░░░░░░░░░░░░░░░░░░  1 of 24 files"],
    [{ things: "rows", done: 250 }, "250 rows"],
    [{ things: "lines", done: 5, detail: "3 marked" }, "5 lines  3 marked"],
    [{ stage: "reading siginfo", done: 12_345 }, "reading siginfo  12,345"],
    [{ stage: "removing" }, "removing"],
  ])("of %j says %s", (step, line) => {
    expect(formatMoving(step)).toBe(line);
  });
});
