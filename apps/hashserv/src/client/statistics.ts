import type { TimesDocument } from "../documents/index.ts";

/** @param times in seconds, at least one */
export function summarize(times: readonly number[]): TimesDocument {
  const sorted = times.toSorted((a, b) => a - b);
  const count = sorted.length;
  const mean = sorted.reduce((sum, time) => sum + time, 0) / count;
  const middle = sorted.slice(Math.ceil(count / 2) - 1, Math.floor(count / 2) + 1);
  return {
    count,
    mean,
    median: middle.reduce((sum, time) => sum + time, 0) / middle.length,
    deviation: Math.sqrt(sorted.reduce((sum, time) => sum + (time - mean) ** 2, 0) / count),
    min: sorted[0] ?? 0,
    max: sorted[count - 1] ?? 0,
  };
}
