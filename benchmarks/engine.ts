import { type DepId, depIdOf, sha256Hex } from "@depid/hash";
import { type EquivalenceService, getPolicy, OutcomeChain, pessimistic, replayHistory } from "@depid/replay";
import { computeSignatures, createBasicHash } from "@depid/siggen";
import { type History, type HistoryStep, type Task, TaskGraph } from "@depid/task-graph";

/** How many tasks the graphs have. */
const SIZES = [1000, 4000, 20_000, 100_000];
const POLICIES = ["clairvoyant", "rebuild-all", "basic", "basichash", "equivhash-2018", "equivhash"];
const COLUMNS = ["shared", ...POLICIES];

/**
 * What a step costs in which one task changes that nobody uses, another one each time: processor time per task, shared by all policies and of each, as the graph grows. The floor, in
 * the same run: SHA-256 of what each task hashes.
 */
export async function benchEngine(tasks: readonly Task[]): Promise<void> {
  for (const builder of ["fresh", "persistent"] as const) {
    process.stdout.write(
      `\na step that changes one task, ${builder} builders: µs of processor time a task (as a multiple of its SHA-256)\n`,
    );
    process.stdout.write(`${"tasks".padStart(7)}${"SHA-256".padStart(9)}`);
    for (const name of COLUMNS) process.stdout.write(name.padStart(16));
    process.stdout.write(`${"ms a step".padStart(11)}\n`);
    for (const size of SIZES) {
      const rows = growTasks(tasks, size);
      const floor = (await timeHashing(rows)) / size;
      const costs = await timeStep(rows, builder);
      const cells = costs.map(
        (cost) => `${(cost / size).toFixed(2)} ${`(${(cost / size / floor).toFixed(1)} x)`.padStart(8)}`,
      );
      const all = costs.reduce((sum, cost) => sum + cost, 0) / 1000;
      process.stdout.write(`${String(size).padStart(7)}${floor.toFixed(2).padStart(9)}`);
      for (const cell of cells) process.stdout.write(cell.padStart(16));
      process.stdout.write(`${all.toFixed(0).padStart(11)}\n`);
    }
  }
}

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

/** Microseconds of processor time of a step, least of several: what all policies share, and the build of each. */
async function timeStep(rows: readonly Task[], builder: "fresh" | "persistent"): Promise<number[]> {
  const graph = new TaskGraph(rows);
  const isUsed = (tid: Task["tid"]) => graph.dependentsOf(tid, "any").length > 0;
  const leaves = graph.tasks.filter(({ tid, task }) => task !== "do_build" && !isUsed(tid));
  const changes = Math.min(60, Math.max(4, Math.round(60_000 / rows.length)));
  const steps: HistoryStep[] = [stepOf(0, rows)];
  for (let i = 1; i <= changes; i++) {
    const leaf = leaves[i % leaves.length] as Task;
    steps.push(stepOf(i, [{ ...leaf, basehash: sha256Hex(`changed ${i}`) as Task["basehash"] }]));
  }
  const least = new Map<string, number>();
  let mark = now();
  const take = (name: string, step: number): void => {
    const at = now();
    // The first steps fill caches, and warm up.
    if (step > changes / 4) least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, at - mark));
    mark = at;
  };
  await replayHistory({ header: {}, steps } satisfies History, {
    policies: POLICIES.map((name) => getPolicy(name)),
    outcomes: new OutcomeChain([], pessimistic),
    service: serviceInPlace(),
    namespace: "bench",
    builder,
    workers: 4,
    seed: 0,
    onProgress: ({ policy, step }) => {
      if (policy === "clairvoyant") take("shared", step);
    },
    onBuild: ({ policy, step }) => take(policy.name, step.step),
  });
  return COLUMNS.map((name) => least.get(name) as number);
}

function now(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function stepOf(step: number, upsert: readonly Task[]): HistoryStep {
  const change = { upsert, remove: [] };
  return { step, id: `${step}`.padStart(8, "0"), date: "", commits: [], change, expect: { tasks: 0, taskhashes: "" } };
}

/** Microseconds of hashing every task once. */
async function timeHashing(rows: readonly Task[]): Promise<number> {
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

/** A server by its rule, in a table: what is measured here is not its protocol. */
function serviceInPlace(): EquivalenceService {
  const depids = new Map<string, DepId>();
  const outputs = new Map<string, DepId>();
  const keep = (key: string, depid: DepId): DepId => {
    depids.set(key, depid);
    return depid;
  };
  return {
    getDepIds: async (queries) => queries.map(({ taskhash }) => depids.get(taskhash)),
    reportAll: async (reports) =>
      reports.map(({ taskhash, outhash, depid }) => {
        const answer = keep(taskhash, depids.get(taskhash) ?? outputs.get(outhash) ?? depid ?? depIdOf(taskhash));
        if (!outputs.has(outhash)) outputs.set(outhash, answer);
        return answer;
      }),
    reportEquiv: async ({ taskhash, depid }) => keep(taskhash, depids.get(taskhash) ?? depid),
  };
}
