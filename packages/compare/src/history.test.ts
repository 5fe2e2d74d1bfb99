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
  for (const { step, change, expect: recorded } of steps) {
    const isCompared = [1, 8, 17, 26, 35, 41].includes(step);
    const before = isCompared ? await captureOf(graph) : undefined;
    graph.apply(change);
    if (before === undefined) continue;
    const { changed, causesOf } = compareCaptures(before, await captureOf(graph));
    const sameTid = changed.filter((it) => it.before.tid === it.after.tid); // the recording matches tasks by tid
    expect([step, sameTid.length]).toEqual([step, recorded.changed]);
    expect(changed.filter((it) => causesOf(it.name).length === 0)).toEqual([]);
  }
});

/** The capture of a graph as the generator basichash hashes it. */
async function captureOf(graph: TaskGraph): Promise<Capture> {
  const signatures = await computeSignatures(graph, createBasicHash());
  const tasks = graph.tasks.map((task) => {
    const { taskhash, depid, depids } = signatures.get(task.tid);
    return { ...task, taskhash, depid, hashedDepids: depids, variables: undefined };
  });
  return { header: { origin: {}, unknown: [], assumed: [] }, tasks };
}
