import { join } from "node:path";
import { computeSignatures, createBasicHash } from "@depid/siggen";
import { type Capture, TaskGraph } from "@depid/task-graph";
import { readHistory } from "@depid/task-graph/fs";
import { expect, it } from "vitest";
import { compareCaptures } from "./compare.ts";

const RECORDED = join(import.meta.dirname, "../../../examples/oe-core/core-image-minimal.history.jsonl.gz");

it("between steps of a recorded history as many tasks change as were recorded, and each has a cause", async () => {
  const { steps } = await readHistory(RECORDED);
  const graph = new TaskGraph([]);
  const captures = new Map<number, Capture>();
  const signatures = await computeSignatures(graph, createBasicHash());
  for (const { step, change } of steps) {
    graph.apply(change);
    await signatures.computeAll();
    const tasks = graph.tasks.map((task) => {
      const { taskhash, depid, depids } = signatures.get(task.tid);
      return { ...task, taskhash, depid, hashedDepids: depids, variables: undefined };
    });
    captures.set(step, { header: { origin: {}, unknown: [], assumed: [] }, tasks });
    const before = captures.get(step - 1);
    if (before === undefined) continue;
    const { changed, causesOf } = compareCaptures(before, captures.get(step) as Capture);
    captures.delete(step - 1);
    const sameTid = changed.filter((it) => it.before.tid === it.after.tid); // the recording matches tasks by tid
    expect([step, sameTid.length]).toEqual([step, steps[step]?.expect.changed]);
    expect(changed.filter((it) => causesOf(it.name).length === 0)).toEqual([]);
  }
});
