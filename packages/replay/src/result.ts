import type { HistoryStep } from "@depid/task-graph";
import type { BuildTime, Counts } from "./measure/fates.ts";
import type { Traffic } from "./measure/traffic.ts";
import type { OutcomeDecisions } from "./outcomes/decisions.ts";
import type { CacheSize } from "./run/pruning.ts";

/** What a replay measured. */
export interface ReplayResult {
  readonly steps: readonly MeasuredStep[];
  /** In the order asked for. */
  readonly policies: readonly MeasuredPolicy[];
  /** What decided the outcomes that it was measured against. */
  readonly decisions: OutcomeDecisions;
}

export interface MeasuredStep {
  readonly step: number;
  readonly id: string;
  readonly date: string;
  readonly commits: HistoryStep["commits"];
  /** Tasks of the capture. */
  readonly tasks: number;
  /** Tasks whose own inputs changed, and tasks that were not there before. */
  readonly changed: number;
  readonly added: number;
}

export interface MeasuredPolicy {
  readonly name: string;
  readonly definition: string;
  /** In the order of the steps. */
  readonly steps: readonly Counts[];
  /** Over all steps but the first, which fills the caches and is the same for all. */
  readonly sum: Counts;
  /** What it asks of the server and leaves in the cache. */
  readonly traffic: { readonly steps: readonly Traffic[]; readonly sum: Traffic };
  /** The same in seconds, if durations are known. */
  readonly time?: { readonly steps: readonly BuildTime[]; readonly sum: BuildTime };
  /** The same of each builder, if a topology was asked for. */
  readonly builders?: readonly MeasuredBuilder[];
  /** What each cache holds at the end of each step, if sizes of objects are known, or any is pruned. */
  readonly caches?: readonly { readonly name: string; readonly sizes: readonly CacheSize[] }[];
}

/** What one builder of a topology did. */
export interface MeasuredBuilder extends Omit<MeasuredPolicy, "definition" | "builders" | "caches"> {
  /** How many builds it did, the first step left out. */
  readonly builds: number;
}
