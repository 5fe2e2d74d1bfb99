import { CycleError, TaskGraph, UnknownTaskError } from "@depid/task-graph";
import { basehashOf, sketchTask, tidOf } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { computeSignatures, createBasicHash, hashCapture } from "./index.ts";

const NAMES = Array.from({ length: 8 }, (_, i) => `${"hgfedcba"[i]}:do_x`);

/** Tasks of one state, each with a version and dependencies among those before it. */
const states = fc.array(
  fc.record({ version: fc.nat(1), deps: fc.uniqueArray(fc.nat(6), { maxLength: 3 }), there: fc.boolean() }),
  { minLength: NAMES.length, maxLength: NAMES.length },
);

function tasksOf(state: readonly { version: number; deps: readonly number[]; there: boolean }[]) {
  return state.flatMap(({ version, deps, there }, i) =>
    there
      ? [
          sketchTask(NAMES[i] as string, {
            basehash: basehashOf(`${i} ${version}`),
            deps: deps.filter((at) => at < i && state[at]?.there).map((at) => NAMES[at] as string),
            ...(version === 1 ? { taint: "nostamp:x", files: [["./f", basehashOf("f")]] as const } : {}),
          }),
        ]
      : [],
  );
}

describe("a capture that is hashed without a graph", () => {
  it("has the signatures that basichash gives it, in any order of its tasks", async () => {
    await fc.assert(
      fc.asyncProperty(states, fc.boolean(), async (state, isReversed) => {
        const tasks = isReversed ? tasksOf(state).reverse() : tasksOf(state);
        const signatures = await computeSignatures(new TaskGraph(tasks), createBasicHash());
        expect(hashCapture(tasks)).toEqual(
          tasks.map((task) => {
            const { taskhash, depid, depids } = signatures.get(task.tid);
            return { ...task, taskhash, depid, hashedDepids: depids, variables: task.variables };
          }),
        );
      }),
    );
  });

  it("takes over, from another one that was hashed, the tasks that come out the same, and no other", () => {
    fc.assert(
      fc.property(states, states, (one, other) => {
        const before = tasksOf(one);
        const rows = new Map(before.map((task) => [JSON.stringify(task), task]));
        const after = tasksOf(other).map((task) => rows.get(JSON.stringify(task)) ?? task);
        const known = new Map();
        const old = hashCapture(before, known);
        const young = hashCapture(after, known);
        expect(young).toEqual(hashCapture(after));
        for (const task of young) {
          const was = old.find((it) => it.tid === task.tid);
          if (was?.taskhash === task.taskhash && before.includes(after[young.indexOf(task)] as never))
            expect(task).toBe(was);
        }
      }),
    );
  });

  it("is refused with a circle of tasks, by the tasks of it, and with a dependency that is not there", () => {
    const circle = [
      sketchTask("a:do_x", { deps: ["b:do_x"] }),
      sketchTask("b:do_x", { deps: ["a:do_x"] }),
      sketchTask("c:do_x"),
    ];
    expect(() => hashCapture(circle)).toThrow(new CycleError([tidOf("a:do_x"), tidOf("b:do_x")]));
    expect(() => hashCapture([sketchTask("a:do_x", { deps: ["a:do_x"] })])).toThrow(CycleError);
    expect(() => hashCapture([sketchTask("a:do_x", { deps: ["z:do_x"] })])).toThrow(UnknownTaskError);
  });
});
