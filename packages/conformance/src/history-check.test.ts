import { computeSignatures, createBasicHash, digestTaskHashes } from "@depid/siggen";
import { type CaptureChange, type History, HistoryError, type HistoryStep, TaskGraph } from "@depid/task-graph";
import { basehashOf, sketchTask, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { checkHistory } from "./history-check.ts";

/** `a -> b -> c`; step 1 changes b, and so the hash of c; step 2 removes c. */
const history = await record([
  {
    upsert: [
      sketchTask("a:do_x"),
      sketchTask("b:do_x", { deps: ["a:do_x"] }),
      sketchTask("c:do_x", { deps: ["b:do_x"] }),
    ],
    remove: [],
  },
  { upsert: [sketchTask("b:do_x", { deps: ["a:do_x"], basehash: basehashOf("changed") })], remove: [] },
  { upsert: [], remove: [tidOf("c:do_x")] },
]);

async function record(changes: readonly CaptureChange[]): Promise<History> {
  const graph = new TaskGraph([]);
  const steps: HistoryStep[] = [];
  for (const [step, change] of changes.entries()) {
    graph.apply(change);
    const taskhashes = digestTaskHashes(graph, await computeSignatures(graph, createBasicHash()));
    const expected = { tasks: graph.size, taskhashes, ...(step === 0 ? {} : { changed: 2 - 2 * (step - 1) }) };
    steps.push({ step, id: `c0ffee${step}`, date: "2026-01-01T00:00:00Z", commits: [], change, expect: expected });
  }
  return { header: {}, steps };
}

function withStep(at: number, alter: (step: HistoryStep) => HistoryStep): History {
  return { ...history, steps: history.steps.map((step, i) => (i === at ? alter(step) : step)) };
}

const expecting = (at: number, fields: object) =>
  withStep(at, (step) => ({ ...step, expect: { ...step.expect, ...fields } }));
const changing = (at: number, change: Partial<CaptureChange>) =>
  withStep(at, (step) => ({ ...step, change: { ...step.change, ...change } }));
const ZEROS = "0".repeat(64);

describe("a history", () => {
  it("agrees when every step has its digest", async () => {
    expect(await checkHistory(history, "h")).toEqual({ verdict: "agrees" });
  });

  it.each([
    [
      "the digest of the first step",
      expecting(0, { taskhashes: ZEROS }),
      /^step 0 \(c0ffee0\): taskhashes: expected 0{64}, found [0-9a-f]{64}$/,
    ],
    [
      "the digest of the last step",
      expecting(2, { taskhashes: ZEROS }),
      /^step 2 \(c0ffee2\): taskhashes: expected 0{64}, /,
    ],
    ["the number of tasks", expecting(2, { tasks: 3 }), /^step 2 \(c0ffee2\): tasks: expected 3, found 2$/],
    ["how many changed", expecting(1, { changed: 1 }), /^step 1 \(c0ffee1\): changed: expected 1, found 2$/],
    ["a change that is forgotten", changing(1, { upsert: [] }), /^step 1 \(c0ffee1\): taskhashes: /],
  ])("differs in %s", async (_what, altered, difference) => {
    expect(await checkHistory(altered, "h")).toEqual({
      verdict: "differs",
      difference: expect.stringMatching(difference),
    });
  });

  it("whose change does not fit is broken: the error names source and line", async () => {
    const removesTwice = changing(2, { remove: [tidOf("x:do_x")] });
    await expect(checkHistory(removesTwice, "h")).rejects.toThrow(HistoryError);
    await expect(checkHistory(removesTwice, "h")).rejects.toThrow(/^h:4: task x\.bb:do_x is to be removed/);
  });
});
