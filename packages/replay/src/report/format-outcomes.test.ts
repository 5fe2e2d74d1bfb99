import { describe, expect, it } from "vitest";
import type { OutcomeAccount } from "../outcomes/outcome-account.ts";
import { formatOutcomes } from "./format-outcomes.ts";

const ACCOUNT: OutcomeAccount = {
  shares: [
    { name: "recorded:a.db", changes: 3, above: 2, outputs: 4 },
    { name: "neutral", changes: 12 },
  ],
  notes: [{ source: "recorded:a.db", note: "something is assumed" }],
  labels: [],
  undecided: [],
  unique: [],
};
const label = { commit: "1234567", recipe: "a-*", outcome: "neutral", reason: "a comment", sure: true } as const;

describe("what decided the outcomes", () => {
  it("has a row per source, and what is assumed of it", () => {
    const text = formatOutcomes(ACCOUNT);
    expect(text).toContain("| recorded:a.db |       3 |            4 |");
    expect(text).toContain("| neutral       |      12 |              |");
    expect(text).toContain("- recorded:a.db: 2 of the changes are of tasks without an output of their own");
    expect(text).toContain("- recorded:a.db: something is assumed");
    expect(text).not.toMatch(/matched nothing|no label/);
  });

  it("names labels that matched nothing, and no others", () => {
    const labels = [
      { label, decided: 0 },
      { label: { ...label, commit: "7654321" }, decided: 1 },
    ];
    const text = formatOutcomes({
      ...ACCOUNT,
      labels: [{ source: "labels:l.yaml", otherwise: "neutral", labels, unmatched: [] }],
    });
    expect(text).toContain("1 labels matched nothing:\n\n- labels:l.yaml: commit 1234567, a-*:* (a comment)");
    expect(text).not.toContain("7654321");
  });

  it("groups changes that nothing sure decided by step and recipe, and cuts what is long", () => {
    const undecided = Array.from({ length: 300 }, (_, i) => ({
      step: Math.floor(i / 10),
      pn: `r${i % 10}`,
      tasks: ["do_x", "do_y"],
      changes: 2,
      by: "neutral",
    }));
    const lines = formatOutcomes({ ...ACCOUNT, undecided }).split("\n");
    expect(lines).toContain("600 changes were decided by no label and no recorded output, but by neutral:");
    expect(lines.join("\n")).toContain(
      "- step 0: r0 (2), r1 (2), r2 (2), r3 (2), r4 (2), r5 (2), r6 (2), r7 (2) and 2 more",
    );
    expect(lines).toContain("- and 10 more (--json has all)");
  });

  it("says which tasks count as unique and why, and where a recording disproved it", () => {
    const unique = [{ task: "do_x", reason: "it was read", disproved: ["a", "b"] }];
    expect(formatOutcomes({ ...ACCOUNT, unique })).toMatch(
      /do_x counts as unique: it was read\. Not so, by recorded outputs that\s+were equal: a, b/,
    );
  });
});
