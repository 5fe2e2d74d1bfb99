import { describe, expect, it } from "vitest";
import type { OutcomeAccount } from "../outcomes/outcome-account.ts";
import { certaintyLines } from "./certainty.ts";
import type { ReplayReport } from "./replay-report.ts";

const outcome = (name: string, changes: number) => ({ name, changes }) as OutcomeAccount["shares"][number];
/** One file of labels, of which each decided on so many changes. */
const labels = (...all: readonly (readonly [sure: boolean, decided: number])[]) =>
  [{ labels: all.map(([sure, decided]) => ({ label: { sure }, decided })) }] as unknown as OutcomeAccount["labels"];

function said(account: Partial<OutcomeAccount>): readonly string[] {
  const report = { account: { labels: [], ...account }, result: { policies: [] } } as unknown as ReplayReport;
  return certaintyLines(report, undefined);
}

describe("how sure a replay is of its outcomes", () => {
  it("is not told where no change needed one, or all were decided for sure", () => {
    expect(said({ shares: [outcome("pessimistic", 0)] })).toEqual([]);
    expect(said({ shares: [outcome("labels", 5), outcome("pessimistic", 0)], labels: labels([true, 5]) })).toEqual([]);
  });

  it.each([
    [
      1,
      "pessimistic",
      "the one change of tasks' own inputs is taken as changing all outputs above (pessimistic)",
      "the most",
    ],
    [1200, "neutral", "all 1,200 changes of tasks' own inputs are taken as changing no output (neutral)", "the least"],
  ])("is nothing, where no source knew of any of %d changes (%s)", (changes, bound, what, limit) => {
    expect(said({ shares: [outcome(bound, changes)] })).toEqual([
      `Nothing is known of outputs: ${what}, so what is needed is ${limit} it can be. --outcomes tells what is known.`,
    ]);
  });

  it("says how many rest on unsure labels, on classes and on nothing, and how to learn what comes of it", () => {
    const shares = [outcome("labels", 6), outcome("classes", 3), outcome("pessimistic", 1)];
    expect(said({ shares, labels: labels([true, 4], [false, 2]) })).toEqual([
      "Not sure: of 10 changes of tasks' own inputs, 2 rest on unsure labels, 3 are guessed by the class of the change, " +
        "1 are known to no source (pessimistic). --sensitivity tells what comes of it if these are wrong.",
    ]);
  });
});
