import { Bench } from "tinybench";

/** One thing to be timed. The first of a table is its baseline. */
export interface Candidate {
  readonly name: string;
  readonly run: () => unknown;
}

/** How long, and how often at least, each candidate runs. */
export interface Effort {
  readonly milliseconds: number;
  readonly runs: number;
}

/** Times candidates in one process and prints medians, and each as a multiple of the first. */
export async function compare(
  title: string,
  candidates: readonly Candidate[],
  { milliseconds, runs }: Effort = { milliseconds: 2000, runs: 64 },
): Promise<void> {
  const bench = new Bench({
    time: milliseconds,
    iterations: runs,
    warmupTime: milliseconds / 4,
    warmupIterations: Math.ceil(runs / 4),
  });
  for (const { name, run } of candidates) bench.add(name, async () => void (await run()));
  await bench.run();
  const medians = bench.tasks.map((task) => {
    if (!("latency" in task.result)) throw new Error(`${title}: ${task.name} did not finish`);
    return task.result.latency.p50;
  });
  process.stdout.write(`\n${title}\n`);
  candidates.forEach(({ name }, i) => {
    const median = medians[i] ?? Number.NaN;
    const ratio = median / (medians[0] ?? Number.NaN);
    process.stdout.write(`${name.padEnd(52)} ${median.toFixed(3).padStart(11)} ms ${ratio.toFixed(2).padStart(8)} x\n`);
  });
}
