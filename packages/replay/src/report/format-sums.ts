import { formatDuration } from "@depid/durations";
import { type Counts, countNames, type SerialSeconds } from "../measure/fates.ts";
import type { MeasuredPolicy } from "../result.ts";
import { chooseUnit, formatCount } from "./figures.ts";
import { formatTable } from "./format-table.ts";
import type { ReplayReport } from "./replay-report.ts";

/** Counts with their times beside them; `stale` last, which is a count alone. */
export const TIMED = ["executed", "restored", "avoided", "needless", "timing"] as const;

/** Sums over all steps but the first: counts and serial time side by side. */
export function formatSums({ result, durations }: ReplayReport): string {
  const last = result.steps.at(-1)?.step ?? 0;
  const heading = `## In sum, steps 1 to ${last}`;
  if (durations === undefined) {
    const rows = result.policies.map(({ name, sum }) => [name, ...countNames.map((count) => formatCount(sum[count]))]);
    return [heading, "", formatTable(["policy", ...countNames], rows)].join("\n");
  }
  const unit = chooseUnit(result.policies.flatMap(({ time }) => TIMED.map((count) => time?.sum.serial[count] ?? 0)));
  const rows = result.policies.map(({ name, sum, time }) => [
    name,
    ...timedCells(sum, time?.sum.serial, durations.knowsRestoring, unit.format),
    formatCount(sum.stale),
  ]);
  return [
    heading,
    "",
    formatTable(["policy", ...TIMED.flatMap((count) => [count, unit.name]), "stale"], rows),
    "",
    `${unit.name}: serial time of the tasks to its left, ${UNIT_WORDS[unit.name]}.${durations.knowsRestoring ? "" : " Restoring: unknown (?)."}`,
  ].join("\n");
}

/** The cells of `TIMED`, each count with its time. */
export function timedCells(
  counts: Counts,
  serial: SerialSeconds | undefined,
  knowsRestoring: boolean,
  format: (seconds: number | undefined) => string,
): string[] {
  return TIMED.flatMap((name) => {
    const isKnown = knowsRestoring || name !== "restored" || counts.restored === 0;
    return [formatCount(counts[name]), format(isKnown ? serial?.[name] : undefined)];
  });
}

export const UNIT_WORDS = { s: "in seconds", min: "in minutes", h: "in hours" } as const;

/** Wall time of the builds: what somebody waits. Empty where durations are not known, or several builders build (`formatBuilders`). */
export function formatWall({ result, setting }: ReplayReport): string | undefined {
  const timed = result.policies.filter(
    (it) => it.time !== undefined && it.builders === undefined && it.steps.length > 1,
  );
  if (timed.length === 0) return undefined;
  const rows = timed.map((policy) => {
    const builds = wallsOf(policy).toSorted((a, b) => a - b);
    const all = builds.reduce((sum, it) => sum + it, 0);
    const critical = (policy.time?.sum.critical ?? 0) / builds.length;
    const figures = [all, all / builds.length, medianOf(builds), builds.at(-1) ?? 0, critical];
    return [policy.name, ...figures.map(formatDuration)];
  });
  return [
    `## What a build takes from begin to end, with ${setting.workers} workers`,
    "",
    formatTable(["policy", "all builds", "mean", "median", "longest", "critical path, mean"], rows),
    "",
    "Critical path: the longest chain of tasks that wait for each other, which no number of workers can beat.",
  ].join("\n");
}

function wallsOf({ time }: MeasuredPolicy): readonly number[] {
  return (time?.steps ?? []).slice(1).map(({ wall }) => wall);
}

function medianOf(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
