import { type BuildTime, type Counts, countNames, type SerialSeconds } from "../measure/fates.ts";
import type { SweepRun } from "./sweep-run.ts";

/** What samples say of a figure: the middle one, and between which nine tenths of them are. */
export interface Range {
  readonly median: number;
  /** Quantile 0.05 and 0.95. */
  readonly low: number;
  readonly high: number;
}

/** The range of some figures: quantiles between the two nearest samples, in proportion (R's type 7). @param figures at least one */
export function rangeOf(figures: readonly number[]): Range {
  const sorted = Float64Array.from(figures).sort();
  const at = (quantile: number): number => {
    const place = quantile * (sorted.length - 1);
    const below = sorted[Math.floor(place)] as number;
    const above = sorted[Math.ceil(place)] as number;
    return below + (above - below) * (place - Math.floor(place));
  };
  return { median: at(0.5), low: at(0.05), high: at(0.95) };
}

/** The ranges of one policy where changes that nobody decides are neutral with one probability. */
export interface PolicyRanges {
  readonly name: string;
  readonly counts: Readonly<Record<keyof Counts, Range>>;
  /** In seconds, if durations are known. */
  readonly time?: {
    readonly serial: Readonly<Record<keyof SerialSeconds, Range>>;
    readonly wall: Range;
    readonly critical: Range;
  };
}

export interface SweepPoint {
  readonly neutral: number;
  /** Changes of tasks' own inputs in all, those that were drawn, and those of them drawn as neutral. */
  readonly drawn: { readonly of: Range; readonly changes: Range; readonly neutral: Range };
  readonly policies: readonly PolicyRanges[];
}

/** What the samples of a sweep say, for each probability in the order asked for. */
export function pointsOf({ setting, samples }: SweepRun): readonly SweepPoint[] {
  return setting.neutral.map((neutral) => {
    const rows = samples.filter((it) => it.neutral === neutral);
    return {
      neutral,
      drawn: {
        of: rangeOf(rows.map((it) => it.drawn.of)),
        changes: rangeOf(rows.map((it) => it.drawn.changes)),
        neutral: rangeOf(rows.map((it) => it.drawn.neutral)),
      },
      policies: setting.policies.map(({ name }, place) => {
        const measured = rows.flatMap((it) => it.policies[place] ?? []);
        const times = measured.flatMap((it) => it.time ?? []);
        return {
          name,
          counts: byCount((count) => measured.map((it) => it.sum[count])),
          ...(times.length === 0 ? {} : { time: rangesOfTime(times) }),
        };
      }),
    };
  });
}

function rangesOfTime(times: readonly BuildTime[]): NonNullable<PolicyRanges["time"]> {
  return {
    serial: byCount((count) => times.map((it) => it.serial[count])),
    wall: rangeOf(times.map((it) => it.wall)),
    critical: rangeOf(times.map((it) => it.critical)),
  };
}

function byCount(figuresOf: (count: keyof Counts) => readonly number[]): Readonly<Record<keyof Counts, Range>> {
  return Object.fromEntries(countNames.map((name) => [name, rangeOf(figuresOf(name))])) as never;
}
