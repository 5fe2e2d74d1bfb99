import type { SampleUnit } from "@depid/replay";
import type { PlanFlags } from "../plan-sweep.ts";

/** A sample as it stands in the queue: all that a worker anywhere needs to know of it. */
export interface QueuedSample {
  /** Digest of the sweep's plan: sweeps with one digest measure the same. */
  readonly sweep: string;
  /** Among the samples of the sweep, from 0. */
  readonly place: number;
  readonly unit: SampleUnit;
  /** The history, as it was named. */
  readonly file: string;
  readonly flags: PlanFlags;
  /** An address that workers reach, or `auto`: each has its own. */
  readonly server: string;
  /** The history and all other files that are named, by their digests. */
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
}
