import { describe, expect, it } from "vitest";
import type { Decision } from "./decisions.ts";
import { createLabelSource, type Label } from "./labels.ts";
import { accountFor } from "./outcome-account.ts";
import { OutcomeChain } from "./outcome-chain.ts";
import { neutral, type OutcomeSource } from "./outcome-model.ts";

const label = (commit: string): Label => ({ commit, outcome: "neutral", reason: "read", sure: true });
const labels = createLabelSource({ otherwise: "contained", labels: [label("1111111"), label("2222222")] }, "labels");
const guess: OutcomeSource = { name: "guess", outcomeOf: () => undefined };
const decided = (task: string, place: number | undefined, more: Partial<Decision> = {}): Decision => ({
  step: 1,
  pn: "a",
  task,
  place,
  shows: true,
  ...more,
});
const account = (...changes: readonly Decision[]) =>
  accountFor(new OutcomeChain([guess, labels], neutral), { changes, outputs: new Map(), provedEqual: new Set() }, []);

describe("an account of what decided", () => {
  it("has how many changes each label decided, and those that came past all of them", () => {
    const [use] = account(
      decided("do_w", 0),
      decided("do_x", 1, { label: 0 }),
      decided("do_y", 2),
      decided("do_z", undefined),
    ).labels;
    expect(use?.labels.map((it) => it.decided)).toEqual([1, 0]);
    expect(use?.unmatched.map((it) => it.task)).toEqual(["do_y", "do_z"]);
  });

  it("has a share for each source, for the bound, and for inputs as they were before if there were any", () => {
    expect(account(decided("do_w", 0), decided("do_x", 1, { label: 0 }), decided("do_y", undefined)).shares).toEqual([
      { name: "own inputs as they were before", changes: 1 },
      { name: "guess", changes: 1 },
      { name: "labels", changes: 1 },
      { name: "neutral", changes: 0 },
    ]);
  });

  it("names by step and recipe what nothing sure decided, unless all outputs above told it", () => {
    const { undecided } = account(
      decided("do_w", 0),
      decided("do_x", 1, { label: 1 }),
      decided("do_y", 2),
      decided("do_z", 2, { above: 1 }),
      decided("do_v", 2),
    );
    expect(undecided).toEqual([
      { step: 1, pn: "a", tasks: ["do_w"], changes: 1, by: "guess" },
      { step: 1, pn: "a", tasks: ["do_v", "do_y"], changes: 2, by: "neutral" },
    ]);
  });
});
