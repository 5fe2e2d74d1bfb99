import type { SampleUnit } from "@depid/replay";
import type { PlanFlags } from "../plan-sweep.ts";

/** Some samples of a sweep as they stand in the queue: all that a worker anywhere needs to know of them. */
export interface QueuedJob {
  /** Digest of the sweep's plan: sweeps with one digest measure the same. */
  readonly sweep: string;
  readonly units: readonly PlacedUnit[];
  /** The history, as it was named. */
  readonly file: string;
  readonly flags: PlanFlags;
  /** An address that workers reach, or `auto`: each has its own. */
  readonly server: string;
  /** The history and all other files that are named, by their digests. */
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
}

/** A sample, and its place among those of its sweep, from 0. */
export interface PlacedUnit {
  readonly place: number;
  readonly unit: SampleUnit;
}
