import type { StampVariant } from "@depid/sstate";
import type { StampFile } from "./builder.ts";
import type { ReleaseRules } from "./release.ts";

/** Which stamps of a recipe's task STAMPCLEAN means. */
export interface StampMask {
  /** `undefined`: both. */
  readonly variant: StampVariant | undefined;
  /** "" matches stamps with any extra info. */
  readonly extra: string;
  readonly versions: ReleaseRules["stampCleanMask"];
}

export function matchesMask({ variant, extra, versions }: StampMask, file: StampFile): boolean {
  if ((variant !== undefined && file.variant !== variant) || (extra !== "" && file.extra !== extra)) return false;
  return versions === "*" || lastPart(file.stamp).includes("-");
}

function lastPart(stamp: string): string {
  return stamp.slice(stamp.lastIndexOf("/") + 1);
}
