import type { MaybePromise } from "../maybe-promise.ts";
import type { Slice, SliceDone, Storage, StorageTransaction } from "../storage/storage.ts";

/** Milliseconds a slice should hold up others; its size is chosen by what the last one took. */
const TARGET_MS = 4;
const FIRST_LIMIT = 250;
const MIN_LIMIT = 10;
const MAX_LIMIT = 10_000;

/** A part of a change of many rows, within a transaction. */
export type SliceChange = (rows: StorageTransaction, slice: Slice) => MaybePromise<SliceDone>;

/**
 * Carries out a change of many rows, a transaction for each slice. Others have at least half of the time.
 *
 * @returns how many rows it applied to
 */
export async function changeInSlices(storage: Storage, change: SliceChange): Promise<number> {
  let count = 0;
  let limit = FIRST_LIMIT;
  for (let after: number | undefined = 0; after !== undefined; ) {
    const slice: Slice = { after, limit };
    let [done, ms]: [SliceDone | undefined, number] = [undefined, 0];
    await storage.transaction(async (rows) => {
      const start = performance.now();
      done = await change(rows, slice);
      ms = performance.now() - start;
    });
    ({ count, after } = addUp(count, done));
    limit = chooseLimit(limit, ms);
    if (after !== undefined) await pause(ms);
  }
  return count;
}

function addUp(count: number, done: SliceDone | undefined) {
  return { count: count + (done?.count ?? 0), after: done?.next };
}

/**
 * Rows of the next slice, by the milliseconds that one of `limit` rows took: at most twice as many as before, and at least a tenth.
 */
export function chooseLimit(limit: number, ms: number): number {
  const factor = Math.min(Math.max(TARGET_MS / Math.max(ms, 0.01), 0.1), 2);
  return Math.min(Math.max(Math.round(limit * factor), MIN_LIMIT), MAX_LIMIT);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms < 1) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });
}
