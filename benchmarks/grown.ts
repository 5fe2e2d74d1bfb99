import { sha256Hex } from "@depid/hash";
import { computeSignatures, createBasicHash } from "@depid/siggen";
import { type History, type HistoryStep, type Task, TaskGraph } from "@depid/task-graph";

/** Copies of whole captures beside each other, and of the last one as many tasks as are wanted, with all they depend on first. */
export function growTasks(tasks: readonly Task[], size: number): Task[] {
  const ordered = new TaskGraph(tasks).generations.flat();
  const rows = new Map(tasks.map((task) => [task.tid, task]));
  const grown: Task[] = [];
  for (let copy = 0; grown.length < size; copy++)
    for (const tid of ordered.slice(0, size - grown.length)) grown.push(copyTask(rows.get(tid) as Task, copy));
  return grown;
}

function copyTask(task: Task, copy: number): Task {
  if (copy === 0) return task;
  const renamed = (tid: Task["tid"]) => tid.replace(/meta\//, `copy${copy}/`) as Task["tid"];
  return {
    ...task,
    tid: renamed(task.tid),
    pn: `c${copy}-${task.pn}`,
    hashdeps: task.hashdeps.map(renamed),
    execdeps: task.execdeps.map(renamed),
    harddeps: task.harddeps.map(renamed),
    stamp: task.stamp.replace(/^([^/]+)\//, `$1/c${copy}-`),
    hashfn: task.hashfn.replaceAll(`sstate:${task.pn}:`, `sstate:c${copy}-${task.pn}:`),
  };
}

/** A history of so many changes: each changes one task that nobody uses, another one each time. */
export function historyOf(rows: readonly Task[], changes: number): History {
  const graph = new TaskGraph(rows);
  const isUsed = (tid: Task["tid"]) => graph.dependentsOf(tid, "any").length > 0;
  const leaves = graph.tasks.filter(({ tid, task }) => task !== "do_build" && !isUsed(tid));
  const steps: HistoryStep[] = [stepOf(0, rows)];
  for (let i = 1; i <= changes; i++) {
    const leaf = leaves[i % leaves.length] as Task;
    steps.push(stepOf(i, [{ ...leaf, basehash: sha256Hex(`changed ${i}`) as Task["basehash"] }]));
  }
  return { header: {}, steps };
}

function stepOf(step: number, upsert: readonly Task[]): HistoryStep {
  const change = { upsert, remove: [] };
  return { step, id: `${step}`.padStart(8, "0"), date: "", commits: [], change, expect: { tasks: 0, taskhashes: "" } };
}

/** Microseconds of processor time of this process so far, all threads. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Microseconds of hashing every task once. */
export async function timeHashing(rows: readonly Task[]): Promise<number> {
  const graph = new TaskGraph(rows);
  const signatures = await computeSignatures(graph, createBasicHash());
  const texts = graph.tids.map((tid) => {
    const { depids, task } = signatures.get(tid);
    return task.basehash + depids.join("");
  });
  const { user, system } = process.cpuUsage();
  for (const text of texts) sha256Hex(text);
  const after = process.cpuUsage();
  return after.user + after.system - user - system;
}
