import { type Counts, countNames, type MeasuredPolicy, type SerialSeconds } from "@depid/replay";
import { chooseUnit, formatCount } from "./figures.ts";
import { formatTable } from "./format-table.ts";
import type { ReplayReport } from "./replay-report.ts";

/** Counts with their times beside them; `stale` last, which is a count alone. */
const TIMED = ["executed", "restored", "avoided", "needless", "timing"] as const;

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

function timedCells(
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

/** Wall time of the builds: what somebody waits. Empty where durations are not known. */
export function formatWall({ result, setting }: ReplayReport): string | undefined {
  const timed = result.policies.filter((it) => it.time !== undefined && it.steps.length > 1);
  if (timed.length === 0) return undefined;
  const walls = timed.map((policy) => ({ name: policy.name, builds: wallsOf(policy) }));
  const unit = chooseUnit(walls.flatMap(({ builds }) => builds));
  const inSum = chooseUnit(walls.map(({ builds }) => sumOf(builds)));
  const rows = walls.map(({ name, builds }) => {
    const sorted = [...builds].sort((a, b) => a - b);
    const middle = sorted[Math.floor(sorted.length / 2)];
    const figures = [sumOf(builds) / builds.length, middle, sorted.at(-1)].map(unit.format);
    return [name, inSum.format(sumOf(builds)), ...figures];
  });
  return [
    `## What a build takes from begin to end, with ${setting.workers} workers`,
    "",
    formatTable(
      [
        "policy",
        `all builds (${inSum.name})`,
        ...["mean", "middle one", "longest"].map((it) => `${it} (${unit.name})`),
      ],
      rows,
    ),
  ].join("\n");
}

function wallsOf({ time }: MeasuredPolicy): readonly number[] {
  return (time?.steps ?? []).slice(1).map(({ wall }) => wall);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, it) => sum + it, 0);
}
