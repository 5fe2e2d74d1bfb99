import type { SampleRow, SampleUnit } from "@depid/replay";
import { openPool } from "../jobs/pool.ts";
import { openShortServer } from "../service.ts";
import type { Shutdown } from "../shutdown.ts";
import type { SampleJob } from "./sample-job.ts";

/** Threads that replay samples, each with a server of its own that ends with the sample. */
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
  return {
    jobs,
    async run({ file, flags, server }, unit) {
      const own = await openShortServer(server, shutdown);
      try {
        return await pool.run({ file, flags, unit, server: own.address });
      } finally {
        await own.close();
      }
    },
    close: () => pool.close(),
  };
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
