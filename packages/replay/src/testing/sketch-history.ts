import type { CaptureChange, History, HistoryStep, Task } from "@depid/task-graph";

/** A history from the tasks of its first step and changes after it; commits are called c0, c1 … */
export function sketchHistory(first: readonly Task[], ...changes: readonly Partial<CaptureChange>[]): History {
  const all: readonly Partial<CaptureChange>[] = [{ upsert: first }, ...changes];
  const steps = all.map(
    (change, step): HistoryStep => ({
      step,
      id: `c${step}`,
      date: "2026-01-01T00:00:00Z",
      commits: [{ id: `c${step}`, title: `change ${step}` }],
      change: { upsert: [], remove: [], ...change },
      expect: { tasks: 0, taskhashes: "0".repeat(64) },
    }),
  );
  return { header: {}, steps };
}
