import type { StampName } from "@depid/sstate";

/** A file of a stamps directory as its name says it. One row of the table `stamps`. */
export interface StampRow extends StampName {
  /** Below the stamps directory. */
  readonly path: string;
  /** When it was written, or last touched: seconds since 1970. */
  readonly modified: number;
  /** What a taint file holds; null for all others. */
  readonly taint: string | null;
}
