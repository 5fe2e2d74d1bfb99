import { getPolicy, OutcomeChain, pessimistic, replayHistory } from "@depid/replay";
import type { Task } from "@depid/task-graph";
import { createTableService } from "../packages/replay/src/testing/table-service.ts";
import { growTasks, historyOf, processorTime, timeHashing } from "./grown.ts";

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

/** Microseconds of processor time of a step, least of several: what all policies share, and the build of each. */
async function timeStep(rows: readonly Task[], builder: "fresh" | "persistent"): Promise<number[]> {
  const changes = Math.min(60, Math.max(4, Math.round(60_000 / rows.length)));
  const least = new Map<string, number>();
  let mark = processorTime();
  const take = (name: string, step: number): void => {
    const at = processorTime();
    // The first steps fill caches, and warm up.
    if (step > changes / 4) least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, at - mark));
    mark = at;
  };
  await replayHistory(historyOf(rows, changes), {
    policies: POLICIES.map((name) => getPolicy(name)),
    outcomes: new OutcomeChain([], pessimistic),
    service: createTableService(),
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
