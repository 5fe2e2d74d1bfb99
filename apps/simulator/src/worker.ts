import { mkdtempSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SampleUnit } from "@depid/replay";
import { packError } from "./jobs/job-error.ts";
import type { Shutdown } from "./shutdown.ts";
import { FetchedInputs } from "./sweep/queue/fetch-inputs.ts";
import { openFolderStore } from "./sweep/queue/input-store.ts";
import { type QueuedResult, SweepQueue, type TakenJob } from "./sweep/queue/sweep-queue.ts";
import { openSampleThreads } from "./sweep/run-samples.ts";

export interface QueueFlags {
  readonly queue?: string;
  readonly store?: string;
  /** Seconds. */
  readonly lostAfter: number;
}

export interface WorkerFlags extends QueueFlags {
  readonly jobs?: number;
  readonly untilIdle?: true;
}

/** Milliseconds after which a worker without work asks again: at first, and at most. */
const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [100, 2000];

/** Measures samples from a queue, until it is ended. */
export async function work({ queue: url = "", store, lostAfter, jobs, untilIdle }: WorkerFlags, shutdown: Shutdown) {
  const say = (line: string) => process.stderr.write(`worker: ${line}\n`);
  const queue = await SweepQueue.open(url, lostAfter, say);
  shutdown.defer(() => queue.close());
  const folder = mkdtempSync(join(tmpdir(), "depid-worker-"));
  shutdown.removeAtEnd(folder);
  const inputs = new FetchedInputs(folder, store === undefined ? queue.store : await openFolderStore(store));
  const most = jobs ?? availableParallelism();
  const threads = await openSampleThreads(most, shutdown);
  shutdown.defer(() => threads.close());
  const alive = setInterval(() => void queue.tellAlive().catch((error) => say(error.message)), (1000 * lostAfter) / 4);
  shutdown.defer(async () => clearInterval(alive));
  say(`ready, ${most} at a time`);

  const measure = async ({ job }: TakenJob, unit: SampleUnit): Promise<QueuedResult> => {
    try {
      return { row: await threads.run(await inputs.localize(job), unit) };
    } catch (error) {
      shutdown.signal.throwIfAborted();
      const { isOurs, text } = packError(error);
      return { problem: { isOurs, text: await inputs.globalize(text, job) } };
    }
  };
  const measureAll = async (taken: TakenJob): Promise<void> => {
    const results = new Map<number, QueuedResult>();
    const measured: string[] = [];
    for (const { place, unit } of await queue.unmeasured(taken.job)) {
      const name = `sample ${unit.sample}, neutral ${unit.neutral}, of sweep ${taken.job.sweep.slice(0, 8)}`;
      say(`takes ${name}`);
      const result = await measure(taken, unit);
      results.set(place, result);
      if ("problem" in result) break;
      measured.push(name);
    }
    await queue.finish(taken, results);
    for (const name of measured) say(`has measured ${name}`);
  };

  const atWork = new Set<Promise<void>>();
  let failure: unknown;
  let wait = FIRST_WAIT_MS;
  for (;;) {
    shutdown.signal.throwIfAborted();
    if (failure !== undefined) throw failure;
    const taken = atWork.size < most ? await queue.take(most - atWork.size) : [];
    for (const it of taken) {
      const done = measureAll(it)
        .catch((error) => {
          failure = error;
        })
        .finally(() => atWork.delete(done));
      atWork.add(done);
    }
    if (taken.length > 0) wait = FIRST_WAIT_MS;
    else if (atWork.size === 0 && untilIdle === true && (await queue.isIdle())) return;
    else if (atWork.size < most) await queue.takeBackLost();
    const rest = sleep(wait, undefined, { signal: shutdown.signal });
    await (atWork.size === most ? Promise.race(atWork) : Promise.race([rest, ...atWork]));
    if (taken.length === 0) wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }
}
