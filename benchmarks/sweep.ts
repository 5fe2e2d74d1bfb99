import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startOwnPostgres } from "@depid/hashserv/testing/postgres";
import type { SampleRow } from "@depid/replay";
import { SweepQueue } from "../apps/simulator/src/sweep/queue/sweep-queue.ts";

const REPOSITORY = join(import.meta.dirname, "..");
const PROGRAM = join(REPOSITORY, "apps/simulator/bin/depid.js");
const IMAGE = join(REPOSITORY, "examples/oe-core/core-image-minimal");
const ROUNDS = 2;
const SAMPLES = 16;
const WORKERS = 4;
/** Samples that are handed out and given back without being measured. */
const EMPTY = 2000;

/**
 * Work side by side, as processes of the built program: two jobs against one, of a replay and of a sweep; four workers over pg-boss against as many jobs in one
 * process; and what the queue alone takes of a sample.
 */
export async function benchSweep(): Promise<void> {
  const given = ["--durations", `${IMAGE}.durations.csv.gz`, "--outcomes", `labels:${IMAGE}.labels.yaml`];
  const replay = (jobs: string) => run("replay", `${IMAGE}.history.jsonl.gz`, ...given, "--jobs", jobs);
  const asked = ["sweep", `${IMAGE}.history.jsonl.gz`, ...given, "--samples", String(SAMPLES), "--policy", "basichash"];
  const sweep = (...flags: readonly string[]) => run(...asked, ...flags);
  const ofTwo = "at least 1.70 x is asked of two jobs";
  await compareWall(`README's replay: ${ofTwo}`, [
    ["one job", () => replay("1")],
    ["two jobs", () => replay("2")],
  ]);
  await compareWall(`a sweep of ${SAMPLES} samples: ${ofTwo}`, [
    ["one job", () => sweep("--jobs", "1")],
    ["two jobs", () => sweep("--jobs", "2")],
  ]);
  const postgres = await startOwnPostgres();
  try {
    const workers = Array.from({ length: WORKERS }, () => start("worker", "--queue", postgres.url, "--jobs", "1"));
    await Promise.all(workers.map(ready));
    // The first sample of a thread reads the inputs: that is not what is compared.
    await sweep("--queue", postgres.url, "--seed", "99");
    let seed = 0;
    await compareWall(`a sweep of ${SAMPLES} samples: at least 0.90 x is asked of workers`, [
      [`${WORKERS} jobs in one process, which read the inputs first`, () => sweep("--jobs", String(WORKERS))],
      [`${WORKERS} workers over pg-boss`, () => sweep("--queue", postgres.url, "--seed", String(seed++))],
    ]);
    for (const it of workers) await end(it);
    await timeQueue(postgres.url);
  } finally {
    await postgres.stop();
  }
}

/** What a process took, in seconds; a worker's CPU time is not that of the process that waits for it. */
interface Taken {
  readonly wall: number;
  readonly cpu: number;
}

async function compareWall(
  title: string,
  candidates: readonly (readonly [string, () => Promise<Taken>])[],
): Promise<void> {
  const least = candidates.map(() => ({ wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [, work]] of candidates.entries()) {
      const { wall, cpu } = await work();
      const known = least[i] as Taken;
      least[i] = { wall: Math.min(known.wall, wall), cpu: Math.min(known.cpu, cpu) };
    }
  }
  process.stdout.write(`\n${title}; the least of ${ROUNDS}\n`);
  for (const [i, [what]] of candidates.entries()) {
    const { wall, cpu } = least[i] as Taken;
    const faster = (least[0] as Taken).wall / wall;
    process.stdout.write(
      `${what.padEnd(58)}${wall.toFixed(1).padStart(8)} s  ${faster.toFixed(2)} x as fast  ${cpu.toFixed(1).padStart(6)} s CPU in this process\n`,
    );
  }
}

/** What a sample takes of the queue beside being measured: taken one at a time, as by a worker with one job. */
async function timeQueue(url: string): Promise<void> {
  const queue = await SweepQueue.open(url, 30, () => {});
  try {
    const flags = { policy: "basichash" } as never;
    const unit = { sample: 0, neutral: 0.5 };
    const units = Array.from({ length: EMPTY }, (_, place) => ({ place, unit }));
    await queue.send({ sweep: "bench", units, file: "h", flags, server: "auto", inputs: [] }, 1);
    const row: SampleRow = { ...unit, drawn: { of: 0, changes: 0, neutral: 0 }, policies: [] };
    const from = performance.now();
    for (let done = 0; done < EMPTY; ) {
      for (const taken of await queue.take(1)) {
        const results = (await queue.unmeasured(taken.job)).map(({ place }) => [place, { row }] as const);
        await queue.finish(taken, new Map(results));
        done += results.length;
      }
    }
    const each = (performance.now() - from) / EMPTY;
    await queue.forget("bench");
    process.stdout.write(
      `\nthe queue alone, one worker: ${each.toFixed(2)} ms a job, ${(1000 / each).toFixed(0)} jobs a second\n`,
    );
  } finally {
    await queue.close();
  }
}

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { cwd: REPOSITORY, stdio: ["ignore", "ignore", "pipe"] });
}

/** Runs the program to its end. It needs GNU time. */
async function run(...args: readonly string[]): Promise<Taken> {
  const timed = ["time", "-f", "%e %U %S", process.execPath, PROGRAM, ...args];
  const child = spawn("/usr/bin/env", timed, { cwd: REPOSITORY, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const [status] = await once(child, "close");
  const [, wall, user, system] = (/([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(said) ?? []).map(Number);
  if (status !== 0 || wall === undefined) throw new Error(`depid ${args.join(" ")}: ${said}`);
  return { wall, cpu: (user ?? 0) + (system ?? 0) };
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
