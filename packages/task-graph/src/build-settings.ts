import { sameList } from "./change.ts";

/** What of a build's configuration decides beside its tasks: recorded with a capture, and with each step of a history that changes it. */
export interface BuildSettings {
  /**
   * SSTATE_EXCLUDEDEPS_SYSROOT: pairs `user->dependency` of regular expressions for recipe names. A sysroot is not restored for
   * the sake of such a user's (runqueue.md section 7).
   */
  readonly excludedSysroots: readonly string[];
  /** What outhashes hold beside the output tree: the depids of sysroots below, as OE-Core since 2022, or nothing (signatures.md section 6). */
  readonly outhashExtra: OutHashExtra;
}

export type OutHashExtra = "oe-core" | "none";

/** Settings in a file (docs/formats.md). */
export function rowOfSettings({ excludedSysroots, outhashExtra }: BuildSettings): object {
  return { excluded_sysroots: excludedSysroots, outhash_extra: outhashExtra };
}

/** Whether two settings say the same; the order of pairs is part of what they say. */
export function sameSettings(a: BuildSettings, b: BuildSettings): boolean {
  return a.outhashExtra === b.outhashExtra && sameList(a.excludedSysroots, b.excludedSysroots);
}
