/** What a series of times comes to. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly median: number;
  /** Of the population. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

/** @param times at least one */
export function summarize(times: readonly number[]): Summary {
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
