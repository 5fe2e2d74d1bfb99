import type { SweepDocument } from "../documents/index.ts";
import { COUNT_DEFINITIONS } from "../measure/fates.ts";
import { rounded } from "../report/figures.ts";
import { NOTES as REPLAY_NOTES } from "../report/replay-report.ts";
import { CONFIDENCE_NOTES, type Confidence, confidenceOf } from "./confidence.ts";
import { type PolicyRanges, pointsOf, type Range } from "./ranges.ts";
import type { SweepRun } from "./sweep-run.ts";

/** What a sweep says of itself, beside what each replay does. */
export const SWEEP_NOTES: readonly string[] = [
  "Of each figure: the median of the samples, and between which two values nine tenths of them are (quantiles 0.05 and 0.95).",
  "What --outcomes does not decide is drawn: what one step changes in one recipe is neutral as a whole, or propagates as a whole. With a greater probability the same sample has the same neutral changes, and more.",
  "In each sample each task takes its seconds times a factor of its own, log-normal about 1.",
  "The range says how far chance goes in what was drawn. What labels and recordings say is taken as right.",
];

export const NOTES: readonly string[] = [...REPLAY_NOTES, ...SWEEP_NOTES, ...CONFIDENCE_NOTES];

/** The report of a sweep as plain data, for `--json`: the same plan gives the same document (`depid-sweep/1`, see docs/formats.md). */
export function sweepDocument(run: SweepRun): SweepDocument {
  const { history, setting, inputs, durations, groups, assumed } = run;
  return {
    format: "depid-sweep/1",
    history,
    setting,
    inputs,
    durations,
    groups,
    assumed,
    definitions: {
      counts: COUNT_DEFINITIONS,
      policies: Object.fromEntries(setting.policies.map(({ name, definition }) => [name, definition])),
      notes: NOTES,
    },
    confidence: describeConfidence(confidenceOf(run)),
    points: pointsOf(run).map(({ neutral, drawn, policies }) => ({
      neutral,
      drawn: { of: roundRange(drawn.of), changes: roundRange(drawn.changes), neutral: roundRange(drawn.neutral) },
      policies: policies.map(({ name, counts, time }) => ({
        name,
        counts: roundAll(counts),
        ...(time === undefined ? {} : { time: describeTime(time, durations?.knowsRestoring !== false) }),
      })),
    })),
  };
}

function describeConfidence({ unit, pairs, tornado }: Confidence): SweepDocument["confidence"] {
  return {
    unit,
    pairs: pairs.map(({ policies: [a, b], points, breakEven }) => ({
      policies: [a, b],
      points: points.map((it) => ({ ...it, saved: roundRange(it.saved) })),
      break_even: breakEven.map((it) => ({
        neutral: rounded(it.neutral),
        low: rounded(it.low),
        high: rounded(it.high),
      })),
    })),
    tornado: tornado.map(({ neutral, policies: [a, b], chance, groups }) => ({
      neutral,
      policies: [a, b],
      chance: rounded(chance),
      groups: groups.map(({ ifNeutral, ifPropagating, ...group }) => ({
        ...group,
        if_neutral: rounded(ifNeutral),
        if_propagating: rounded(ifPropagating),
      })),
    })),
  };
}

function describeTime({ serial, wall, critical }: NonNullable<PolicyRanges["time"]>, knowsRestoring: boolean) {
  const { restored, ...others } = roundAll(serial);
  return {
    serial: { ...others, restored: knowsRestoring ? restored : null },
    wall: roundRange(wall),
    critical: roundRange(critical),
  };
}

function roundAll<K extends string>(ranges: Readonly<Record<K, Range>>): Record<K, Range> {
  const all = Object.entries<Range>(ranges).map(([name, range]) => [name, roundRange(range)]);
  return Object.fromEntries(all) as Record<K, Range>;
}

function roundRange({ median, low, high }: Range): Range {
  return { median: rounded(median), low: rounded(low), high: rounded(high) };
}
