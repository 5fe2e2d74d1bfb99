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

/** Times candidates in one process and prints median and best, each as a multiple of the first's. */
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
  const figures = bench.tasks.map((task) => {
    if (!("latency" in task.result)) throw new Error(`${title}: ${task.name} did not finish`);
    return { median: task.result.latency.p50, best: task.result.latency.min };
  });
  const [baseline] = figures;
  process.stdout.write(`\n${title}\n${"".padEnd(66)} median ratio     best ratio\n`);
  candidates.forEach(({ name }, i) => {
    const cells = (["median", "best"] as const).map((which) => {
      const value = figures[i]?.[which] ?? Number.NaN;
      const ratio = value / (baseline?.[which] ?? Number.NaN);
      return `${value.toFixed(3).padStart(10)} ms ${ratio.toFixed(2).padStart(6)} x`;
    });
    process.stdout.write(`${name.padEnd(58)}${cells.join("")}\n`);
  });
}
