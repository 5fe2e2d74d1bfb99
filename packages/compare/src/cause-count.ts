import type { TaskChange } from "./task-change.ts";

/** How far a cause reaches. */
export interface CauseCounts {
  /** Tasks with another taskhash because of it, those included where it entered. */
  readonly all: CauseCount;
  /** Those among them that no other cause reaches. */
  readonly only: CauseCount;
}

export interface CauseCount {
  readonly tasks: number;
  /** Setscene tasks among them. */
  readonly sstate: number;
  /** Tasks among them that are not where the cause entered. */
  readonly above: number;
}

/** Counts, for each cause, the tasks among `changed` that it reaches. @param causesOf positions of the causes that reach a task */
export function countReached(
  changed: readonly TaskChange[],
  causes: readonly { readonly entered: readonly string[] }[],
  causesOf: (name: string) => readonly number[],
): CauseCounts[] {
  const entered = causes.map((it) => new Set(it.entered));
  const zero = () => ({ tasks: 0, sstate: 0, above: 0 });
  const counts = causes.map(() => ({ all: zero(), only: zero() }));
  for (const { name, after } of changed) {
    const reaching = causesOf(name);
    for (const cause of reaching) {
      const { all, only } = counts[cause] as (typeof counts)[number];
      for (const count of reaching.length === 1 ? [all, only] : [all]) {
        count.tasks += 1;
        if (after.setscene) count.sstate += 1;
        if (!entered[cause]?.has(name)) count.above += 1;
      }
    }
  }
  return counts;
}
