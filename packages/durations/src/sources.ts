/**
 * Where the seconds of a task come from, best first.
 *
 * - `measured`: the task of this recipe was measured.
 * - `variant`: the same task of other variants of the recipe was, or a like task of the recipe (`kinOf`).
 * - `task`: the same task of other recipes was, or a like one.
 * - `unknown`: none of these; the median of all tasks stands in.
 */
export type DurationSource = "measured" | "variant" | "task" | "unknown";

/** All of them, best first. */
export const DURATION_SOURCES: readonly DurationSource[] = ["measured", "variant", "task", "unknown"];

/** How many tasks have their seconds from which source. */
export type SourceShares = Readonly<Record<DurationSource, number>>;

/** Counts durations by source. */
export function shareOfSources(durations: Iterable<{ readonly source: DurationSource }>): SourceShares {
  const shares = { measured: 0, variant: 0, task: 0, unknown: 0 };
  for (const { source } of durations) shares[source] += 1;
  return shares;
}

/** Shares for people: `3,010 measured, 613 by variant, 582 by task name, 56 unknown`. What is zero is said too. */
export function formatSources(shares: SourceShares): string {
  return DURATION_SOURCES.map((source) => `${shares[source].toLocaleString("en-US")} ${WORDS[source]}`).join(", ");
}

const WORDS: Readonly<Record<DurationSource, string>> = {
  measured: "measured",
  variant: "by variant",
  task: "by task name",
  unknown: "unknown",
};
