import type { RetentionVariant } from "@depid/replay";
import type { InputFlags } from "../replay/prepare-replay.ts";

/** Variants of a retention curve that a thread of its own replays, as they are sent there. */
export interface RetentionJob {
  readonly file: string;
  readonly flags: InputFlags;
  readonly variants: readonly RetentionVariant[];
  /** Where the server is. */
  readonly server: string;
}
