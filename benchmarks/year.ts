import { getPolicy, OutcomeChain, pessimistic, replayHistory } from "@depid/replay";
import type { Task } from "@depid/task-graph";
import { createTableService } from "../packages/replay/src/testing/table-service.ts";
import { growTasks, historyOf, processorTime, timeHashing } from "./grown.ts";

const TASKS = 100_000;
const CHANGES = 1000;
const POLICIES = ["clairvoyant", "rebuild-all", "basic", "basichash", "equivhash-2018", "equivhash"];
/** What is asked of it: minutes, and GiB. */
const ASKED = { minutes: 10, memory: 4 };

/**
 * A year of commits: so many changes of one task each on a graph of so many, under six policies in fresh build directories. The floor, in the same run: SHA-256 of what each task hashes, in
 * each step anew.
 */
export async function benchYear(tasks: readonly Task[]): Promise<void> {
  const rows = growTasks(tasks, TASKS);
  const floor = (await timeHashing(rows)) / 1e6;
  const history = historyOf(rows, CHANGES);
  const spent = new Map<string, number[]>();
  let mark = performance.now();
  const take = (name: string): void => {
    const at = performance.now();
    const known = spent.get(name) ?? [];
    known.push(at - mark);
    spent.set(name, known);
    mark = at;
  };
  const begin = { wall: mark, processor: processorTime() };
  await replayHistory(history, {
    policies: POLICIES.map((name) => getPolicy(name)),
    outcomes: new OutcomeChain([], pessimistic),
    service: createTableService(),
    namespace: "bench",
    builder: "fresh",
    workers: 4,
    seed: 0,
    onProgress: ({ policy, step }) => {
      if (policy !== "clairvoyant") return;
      take("shared");
      if (step % 100 === 0) process.stderr.write(`step ${step} of ${CHANGES}\n`);
    },
    onBuild: ({ policy }) => take(policy.name),
  });
  const wall = (performance.now() - begin.wall) / 1000;
  const processor = (processorTime() - begin.processor) / 1e6;
  const memory = process.resourceUsage().maxRSS / 2 ** 20;
  const isBeyond = wall > 60 * ASKED.minutes || memory > ASKED.memory;
  process.stdout.write(
    [
      "",
      `${CHANGES} changes x ${POLICIES.length} policies x ${TASKS} tasks, fresh builders, one process`,
      `${wall.toFixed(0)} s wall, ${processor.toFixed(0)} s of processors, ${memory.toFixed(1)} GiB at most`,
      `asked: ${ASKED.minutes} min, ${ASKED.memory} GiB${isBeyond ? ": beyond" : ""}`,
      `SHA-256 of all tasks, a step: ${(1000 * floor).toFixed(0)} ms, all steps ${(floor * CHANGES).toFixed(0)} s: the replay takes ${(processor / floor / CHANGES).toFixed(2)} x of it for all policies`,
      "median ms a step:",
      ...[...spent].map(([name, all]) => `  ${name.padEnd(16)}${medianOf(all).toFixed(0).padStart(6)}`),
      "",
    ].join("\n"),
  );
}

function medianOf(all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
