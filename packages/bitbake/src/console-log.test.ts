import { describe, expect, it } from "vitest";
import { ConsoleLogReader, type SummaryRow } from "./console-log.ts";

function read(lines: readonly string[]): readonly (SummaryRow | undefined)[] {
  const reader = new ConsoleLogReader();
  return [...lines.map((line) => reader.push(line)), reader.end()].filter((row) => row !== undefined);
}

const TODAY =
  "Initialising tasks...Sstate summary: Wanted 14 Local 3 Mirrors 9 Missed 2 Current 5 (85% match, 89% complete)";
const OLD = "Sstate summary: Wanted 100 Found 60 Missed 40 Current 7 (60% match, 62% complete)";
const DONE = "NOTE: Tasks Summary: Attempted 43 tasks of which 29 didn't need to be rerun and all succeeded.";
const FAILED = "NOTE: Tasks Summary: Attempted 28 tasks of which 0 didn't need to be rerun and 1 failed.";
const none = { wanted: null, local: null, mirrors: null, found: null, missed: null, current: null };

describe("a console log", () => {
  it("has what was wanted at the begin of a build, and what ran at its end", () => {
    expect(read(["Parsing recipes...done.", TODAY, "", DONE, "Summary: There was 1 WARNING message."])).toEqual([
      {
        ...{ build: 1, line: 2, wanted: 14, local: 3, mirrors: 9, found: 12, missed: 2, current: 5 },
        ...{ attempted: 43, skipped: 29, failed: 0 },
      },
    ]);
  });

  it("of older releases does not tell local objects from those of mirrors", () => {
    expect(read([OLD, FAILED])).toMatchObject([
      {
        wanted: 100,
        local: null,
        mirrors: null,
        found: 60,
        missed: 40,
        current: 7,
        attempted: 28,
        skipped: 0,
        failed: 1,
      },
    ]);
  });

  it("has builds one after another, with and without either line", () => {
    expect(read([DONE, TODAY, TODAY, FAILED, OLD])).toMatchObject([
      { build: 1, line: 1, ...none, attempted: 43 },
      { build: 2, line: 2, wanted: 14, attempted: null },
      { build: 3, line: 3, wanted: 14, attempted: 28, failed: 1 },
      { build: 4, line: 5, wanted: 100, attempted: null, skipped: null, failed: null },
    ]);
  });

  it("without summaries has no rows", () => expect(read(["Summary: There was 1 WARNING message."])).toEqual([]));
});
