import { expect, it } from "vitest";
import { formatVerify } from "./format-verify.ts";
import { leastAgreement, type VerifiedRecord, type VerifyReport } from "./verify-report.ts";

const NOTHING = { tids: [], always: [], sometimes: [] };
const recording = (source: string, both: number, onlyReal: number, unknown: readonly string[]): VerifiedRecord => ({
  source,
  kind: "console",
  assignedBy: "given",
  unknown,
  discrepancies: [],
  agreement: {
    executed: { both, onlyPredicted: 0, onlyReal },
    restored: { both: 0, onlyPredicted: 0, onlyReal: 0 },
  },
});
const step = (number: number, ...builds: VerifiedRecord[]) => ({
  step: number,
  id: `c${number}`,
  title: `title ${number}`,
  builds,
  predicted: { executed: NOTHING, restored: NOTHING },
});
const report = (...steps: VerifyReport["steps"]): VerifyReport => ({
  source: "h",
  steps,
  notes: [],
  setting: {
    policy: "equivhash",
    builder: "fresh",
    outcomes: "neutral",
    durations: "none",
    workers: 1,
    seed: 0,
    samples: 0,
    spread: 0,
  },
  account: { shares: [], notes: [], labels: [], undecided: [], unique: [] },
});

it("what several recordings do not tell is said once, and what one does not tell with its name", () => {
  const text = formatVerify(
    report(
      step(1, recording("a", 1, 0, ["x"]), recording("b", 1, 0, ["x", "y"])),
      step(2, recording("c", 1, 0, ["x"])),
    ),
  );
  expect(text).toContain(
    "## What these recordings do not tell\n\n- 3 recordings of steps 1, 2: x\n- step 1, b: y\n\n## What decided",
  );
  expect(formatVerify(report(step(1, recording("a", 1, 0, []))))).not.toContain("do not tell");
});

it("all is 100 %, and nearly all is not", () => {
  const nearly = report(step(1, recording("a", 9999, 1, [])));
  expect(formatVerify(nearly)).toMatch(/\| executed \| 9999 \| +0 \| +1 \| +100\.0 % *\| +99\.9 % *\|/);
  expect(leastAgreement(nearly)).toBe(0.9999);
});

it("where nothing ran and nothing was predicted there is no share, and nothing disagrees", () => {
  const none = report(step(1, recording("a", 0, 0, [])));
  expect(formatVerify(none)).toMatch(/\| executed \| +0 \| +0 \| +0 \| +none +\| +none +\|/);
  expect(leastAgreement(none)).toBe(1);
});
