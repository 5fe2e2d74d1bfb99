import { COUNT_DEFINITIONS, type LabelSource, type ReplayResult, type SourceShare } from "@depid/replay";
import type { History, HistoryHeader } from "@depid/task-graph";

/** A replay with all that a reader needs to judge it. */
export interface ReplayReport {
  readonly source: string;
  readonly history: History;
  readonly setting: ReplaySetting;
  readonly result: ReplayResult;
  /** How much each source of outcomes decided. */
  readonly outcomes: readonly SourceShare[];
  /** What the labels among them decided. */
  readonly labels: readonly LabelSource[];
  /** Results of the same replay under other outcome models. */
  readonly sensitivity?: Sensitivity;
}

/** What was asked for. */
export interface ReplaySetting {
  readonly builder: "fresh" | "persistent";
  /** Name of the outcome model, with the file of the labels if there is one. */
  readonly outcomes: string;
  readonly workers: number;
  readonly seed: number;
}

/** The same replay under several outcome models, from the one that changes least to the one that changes most. */
export type Sensitivity = readonly {
  readonly model: string;
  /** What the model says of the changes. */
  readonly definition: string;
  readonly result: ReplayResult;
}[];

export const REPORT_FORMAT = "depid-replay/1";

/** What a report says of itself, whatever it measured. */
export const NOTES: readonly string[] = [
  "Sums leave out the first step, which fills the caches and is the same for every policy that reuses anything.",
  "The baseline is rebuild-all; the reference is the clairvoyant, replayed with the others over the same outcomes.",
  "Only setscene tasks get a depid from the server, and SSTATE_PKGSPEC (so PN, PV, PR) is part of every outhash: no policy is credited with what BitBake cannot have.",
  "Outputs come from the outcome model; nothing was built. Durations are unknown for all tasks, so tasks are counted and no times are given.",
];

/**
 * The report as plain data, for `--json`: the same input gives the same document (`depid-replay/1`, see docs/formats.md).
 */
export function replayDocument(report: ReplayReport): object {
  const { source, history, setting, result, labels, sensitivity } = report;
  return {
    format: REPORT_FORMAT,
    history: { source, ...describeHistory(history) },
    setting,
    definitions: {
      counts: COUNT_DEFINITIONS,
      policies: Object.fromEntries(result.policies.map(({ name, definition }) => [name, definition])),
      notes: NOTES,
    },
    steps: result.steps,
    policies: result.policies.map(({ name, steps, sum }) => ({ name, sum, steps })),
    outcomes: report.outcomes,
    ...(labels.length === 0 ? {} : { labels: labels.map(describeLabels) }),
    ...(sensitivity === undefined
      ? {}
      : {
          sensitivity: sensitivity.map((it) => ({
            model: it.model,
            definition: it.definition,
            policies: it.result.policies.map(({ name, sum }) => ({ name, sum })),
          })),
        }),
  };
}

interface HistorySummary {
  readonly header: HistoryHeader;
  readonly steps: number;
  readonly from: string;
  readonly to: string;
}

export function describeHistory({ header, steps }: History): HistorySummary {
  return { header, steps: steps.length, from: steps[0]?.date ?? "", to: steps.at(-1)?.date ?? "" };
}

function describeLabels({ name, labels, decided, unmatched }: LabelSource): object {
  return {
    name,
    otherwise: labels.otherwise,
    unmatched,
    labels: labels.labels.map((label, i) => ({ ...label, decided: decided[i] ?? 0 })),
  };
}
