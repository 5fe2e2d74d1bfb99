import type { RetentionCost, RetentionVariant } from "@depid/replay";
import { openPool } from "../jobs/pool.ts";
import type { Shutdown } from "../shutdown.ts";
import type { RetentionJob } from "./retention-job.ts";

/** Threads that replay variants of a retention curve. */
export interface RetentionThreads {
  /**
   * Deals variants out to the threads, like cards: those of one policy cost about the same.
   *
   * @param onDone hears how many are done
   * @returns what each cost, in their order
   * @throws what any thread fails with first
   */
  replay(variants: readonly RetentionVariant[], onDone: (done: number) => void): Promise<readonly RetentionCost[]>;
  close(): Promise<void>;
}

export async function openRetentionThreads(
  jobs: number,
  inputs: Omit<RetentionJob, "variants">,
  shutdown: Shutdown,
): Promise<RetentionThreads> {
  const pool = await openPool<RetentionJob, readonly RetentionCost[]>(
    "retention-thread",
    import.meta.url,
    jobs,
    shutdown.signal,
  );
  return {
    close: () => pool.close(),
    async replay(variants, onDone) {
      let done = 0;
      const hands = Array.from({ length: jobs }, (_, hand) => variants.filter((_, i) => i % jobs === hand));
      const costs = await Promise.all(
        hands.map(async (hand) => {
          if (hand.length === 0) return [];
          const found = await pool.run({ ...inputs, variants: hand });
          done += hand.length;
          onDone(done);
          return found;
        }),
      );
      return variants.map((_, i) => costs[i % jobs]?.[Math.floor(i / jobs)] as RetentionCost);
    },
  };
}
