import type { HistoryHeader } from "@depid/task-graph";
import type { DurationsUsed } from "../report/durations-used.ts";
import type { NamedInput } from "../report/named-input.ts";
import type { DrawnGroup } from "./groups.ts";
import type { SampleRow, SampleUnit } from "./sample.ts";

/** What a sweep is asked for. Two sweeps with the same plan, and so with the same inputs, measure the same. */
export interface SweepPlan {
  readonly history: {
    /** As it was named. */
    readonly source: string;
    /** Of its bytes. */
    readonly sha256: string;
    readonly header: HistoryHeader;
    readonly steps: number;
    /** Dates of the first step and the last one. */
    readonly from: string;
    readonly to: string;
  };
  readonly setting: SweepSetting;
  /** What was read beside the history. */
  readonly inputs: readonly NamedInput[];
  /** Where seconds come from; null: none were given. */
  readonly durations: DurationsUsed | null;
  /** What samples draw. */
  readonly groups: readonly DrawnGroup[];
  /** What is taken for granted, a sentence each. */
  readonly assumed: readonly string[];
}

export interface SweepSetting {
  readonly policies: readonly { readonly name: string; readonly definition: string }[];
  readonly builder: "fresh" | "persistent";
  /** The chain as it was named. */
  readonly outcomes: string;
  /** Tasks that count as naming their own hash: which list. */
  readonly unique: string;
  /** null: as the history says. */
  readonly outhash_extra: string | null;
  /** Rules of BitBake's release; null: of the one that the history names. */
  readonly release: Readonly<Record<string, string>> | null;
  readonly workers: number;
  readonly seed: number;
  /** Probabilities with which what nobody decides is neutral. */
  readonly neutral: readonly number[];
  readonly samples: number;
  readonly spread: number;
  /** Whether labels marked unsure decide, or what they speak of is drawn. */
  readonly unsure: "kept" | "drawn";
}

/** A sweep, or a part of one: some of its samples, measured. */
export interface SweepRun extends SweepPlan {
  /** Which of how many parts, from 1. */
  readonly shard: Shard;
  /** By sample, then in the order of `neutral`. */
  readonly samples: readonly SampleRow[];
}

export interface Shard {
  readonly place: number;
  readonly of: number;
}

export const SWEEP_PART_FORMAT = "depid-sweep-part/1";

/** The replays of a part: every n-th sample, with each of the probabilities. */
export function unitsOf({ samples, neutral }: SweepSetting, { place, of }: Shard): readonly SampleUnit[] {
  const units: SampleUnit[] = [];
  for (let sample = place - 1; sample < samples; sample += of)
    for (const probability of neutral) units.push({ sample, neutral: probability });
  return units;
}

/** Rows in the order of a sweep, whatever the order in which they were measured. */
export function inOrderOf({ neutral }: SweepSetting, rows: readonly SampleRow[]): readonly SampleRow[] {
  const placeOf = (row: SampleRow) => neutral.indexOf(row.neutral);
  return [...rows].sort((a, b) => a.sample - b.sample || placeOf(a) - placeOf(b));
}
