import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startOwnPostgres } from "@depid/hashserv/testing/postgres";
import type { SampleRow } from "@depid/replay";
import { SweepQueue } from "../apps/simulator/src/sweep/queue/sweep-queue.ts";

const REPOSITORY = join(import.meta.dirname, "..");
const PROGRAM = join(REPOSITORY, "apps/simulator/bin/depid.js");
const IMAGE = join(REPOSITORY, "examples/oe-core/core-image-minimal");
const ROUNDS = 3;
const SAMPLES = 16;
const WORKERS = 4;
/** Samples that are handed out and given back without being measured. */
const EMPTY = 2000;

/**
 * Work side by side, as processes of the built program: two jobs of a replay against one; four workers over pg-boss against as many jobs in one process; and what
 * the queue alone takes of a sample.
 */
export async function benchSweep(): Promise<void> {
  const given = ["--durations", `${IMAGE}.durations.csv.gz`, "--outcomes", `labels:${IMAGE}.labels.yaml`];
  const replay = (jobs: string) => run("replay", `${IMAGE}.history.jsonl.gz`, ...given, "--jobs", jobs);
  await compareWall("README's replay", [
    ["one job", () => replay("1")],
    ["two jobs", () => replay("2")],
  ]);
  const postgres = await startOwnPostgres();
  try {
    const sweep = (...flags: readonly string[]) =>
      run(
        "sweep",
        `${IMAGE}.history.jsonl.gz`,
        ...given,
        "--samples",
        String(SAMPLES),
        "--policy",
        "basichash",
        ...flags,
      );
    const workers = Array.from({ length: WORKERS }, () => start("worker", "--queue", postgres.url, "--jobs", "1"));
    await Promise.all(workers.map(ready));
    // The first sample of a thread reads the inputs: that is not what is compared.
    await sweep("--queue", postgres.url, "--seed", "99");
    let seed = 0;
    await compareWall(`a sweep of ${SAMPLES} samples`, [
      [`${WORKERS} jobs in one process, which read the inputs first`, () => sweep("--jobs", String(WORKERS))],
      [`${WORKERS} workers over pg-boss`, () => sweep("--queue", postgres.url, "--seed", String(seed++))],
    ]);
    for (const it of workers) await end(it);
    await timeQueue(postgres.url);
  } finally {
    await postgres.stop();
  }
}

async function compareWall(
  title: string,
  candidates: readonly (readonly [string, () => Promise<void>])[],
): Promise<void> {
  const least = candidates.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [, work]] of candidates.entries()) {
      const from = performance.now();
      await work();
      least[i] = Math.min(least[i] as number, (performance.now() - from) / 1000);
    }
  }
  process.stdout.write(`\n${title}: wall time, least of ${ROUNDS}\n`);
  for (const [i, [what]] of candidates.entries()) {
    const faster = (least[0] as number) / (least[i] as number);
    process.stdout.write(
      `${what.padEnd(58)}${(least[i] as number).toFixed(1).padStart(10)} s  ${faster.toFixed(2)} x as fast\n`,
    );
  }
}

/** What a sample takes of the queue beside being measured: taken one at a time, as by a worker with one job. */
async function timeQueue(url: string): Promise<void> {
  const queue = await SweepQueue.open(url, 30, () => {});
  try {
    const flags = { policy: "basichash" } as never;
    const unit = { sample: 0, neutral: 0.5 };
    const samples = Array.from({ length: EMPTY }, (_, place) => ({
      ...{ sweep: "bench", place, unit, file: "h", flags, server: "auto", inputs: [] },
    }));
    await queue.send(samples);
    const row: SampleRow = { ...unit, drawn: { of: 0, changes: 0, neutral: 0 }, policies: [] };
    const from = performance.now();
    for (let done = 0; done < EMPTY; ) {
      for (const it of await queue.take(1)) {
        if (!(await queue.isMeasured(it.sample))) await queue.finish(it, { row });
        done++;
      }
    }
    const each = (performance.now() - from) / EMPTY;
    await queue.forget("bench");
    process.stdout.write(
      `\nthe queue alone, one worker: ${each.toFixed(2)} ms a sample, ${(1000 / each).toFixed(0)} samples a second\n`,
    );
  } finally {
    await queue.close();
  }
}

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { cwd: REPOSITORY, stdio: ["ignore", "ignore", "pipe"] });
}

async function run(...args: readonly string[]): Promise<void> {
  const child = start(...args);
  let said = "";
  child.stderr?.on("data", (chunk) => (said += chunk));
  const [status] = await once(child, "exit");
  if (status !== 0) throw new Error(`depid ${args.join(" ")}: ${said}`);
}

/** Resolves when the worker waits for samples. */
function ready(worker: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    worker.stderr?.on("data", (chunk) => {
      if (String(chunk).includes("ready")) resolve();
    });
  });
}

async function end(worker: ChildProcess): Promise<void> {
  const exited = once(worker, "exit");
  worker.kill("SIGTERM");
  await exited;
}
