import type { SampleUnit } from "@depid/replay";
import type { InputFlags } from "../replay/prepare-replay.ts";
import type { PlanFlags } from "./plan-sweep.ts";

/** A replay of a sweep that a thread of its own does, as it is sent there. */
export interface SampleJob {
  readonly file: string;
  readonly flags: InputFlags & Pick<PlanFlags, "spread" | "unsure">;
  readonly unit: SampleUnit;
  /** Where its server is. */
  readonly server: string;
}
