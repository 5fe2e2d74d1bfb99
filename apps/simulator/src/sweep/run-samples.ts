import type { SampleRow, SampleUnit } from "@depid/replay";
import { openPool } from "../jobs/pool.ts";
import { openShortServer, type ShortServer } from "../service.ts";
import type { Shutdown } from "../shutdown.ts";
import type { SampleJob } from "./sample-job.ts";

/** How many samples a server of our own sees: to start one takes as long as part of a sample, and what samples leave on it is in memory. */
const SAMPLES_OF_SERVER = 8;

/** Threads that replay samples, each with a server that no other uses at the time. */
export interface SampleThreads {
  /** How many samples at a time. */
  readonly jobs: number;
  run(inputs: SampleInputs, unit: SampleUnit): Promise<SampleRow>;
  close(): Promise<void>;
}

/** What all samples have. */
export interface SampleInputs extends Pick<SampleJob, "file" | "flags"> {
  /** An address, or `auto`. */
  readonly server: string;
}

/** @param jobs how many threads */
export async function openSampleThreads(jobs: number, shutdown: Shutdown): Promise<SampleThreads> {
  const pool = await openPool<SampleJob, SampleRow>("sample-thread", import.meta.url, jobs, shutdown.signal);
  /** Servers of our own that nobody uses at the moment. */
  const free: UsedServer[] = [];
  return {
    jobs,
    async run({ file, flags, server }, unit) {
      const used = (server === "auto" && free.pop()) || { server: await openShortServer(server, shutdown), samples: 0 };
      let isDone = false;
      try {
        const row = await pool.run({ file, flags, unit, server: used.server.address });
        isDone = true;
        return row;
      } finally {
        used.samples++;
        // One that a sample failed with may be why.
        if (server === "auto" && isDone && used.samples < SAMPLES_OF_SERVER) free.push(used);
        else await used.server.close();
      }
    },
    async close() {
      await pool.close();
      for (const it of free.splice(0)) await it.server.close();
    },
  };
}

interface UsedServer {
  readonly server: ShortServer;
  samples: number;
}

/** Replays all of these. @param onRow hears of each when it is done, in whatever order @throws what any fails with first; then no more is begun */
export async function runSamples(
  units: readonly SampleUnit[],
  inputs: SampleInputs,
  threads: SampleThreads,
  onRow: (row: SampleRow) => void,
): Promise<void> {
  let next = 0;
  let isOver = false;
  const work = async () => {
    try {
      while (!isOver && next < units.length) onRow(await threads.run(inputs, units[next++] as SampleUnit));
    } catch (error) {
      isOver = true;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: threads.jobs }, work));
}
