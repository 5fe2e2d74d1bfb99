import { hasCross, hasCrosssdk, isNative } from "@depid/hash";
import { formatHashFn, formatObjectSpec, SSTATE_VERSION } from "@depid/sstate";
import type { SigdataName } from "./sigdata-name.ts";

/**
 * `BB_HASHFILENAME` of a task as OE-Core makes it, from the name of its signature file (signatures.md section 5). An object tells
 * its SSTATE_PKGSPEC, cut if it was too long; stamps tell the architecture by their folder, and the recipe's version.
 *
 * @param recipeVersion `PE:PV-PR` as far as it is known; PR is r0 otherwise
 */
export function assumeHashFn({ objectSpec, stamp }: SigdataName, pn: string, recipeVersion: string): string {
  const [, pv = "", pr = "r0"] = /^[^:]*:(.*?)(?:-(r[^-]*)?)?$/s.exec(recipeVersion) ?? [];
  const version = String(SSTATE_VERSION);
  const system = stamp.split("/").length === 3 ? (stamp.split("/")[0] ?? "") : "";
  return formatHashFn({
    inDistributionDirectory: isNative(pn) || hasCross(pn) || hasCrosssdk(pn),
    pkgSpec: objectSpec ?? formatObjectSpec({ pn, triplet: system, pv, pr, pkgarch: packageArchOf(system), version }),
    swSpec: formatObjectSpec({ pn, triplet: "", pv, pr, pkgarch: "", version }),
  });
}

/** SSTATE_PKGARCH of a system such as `core2-64-oe-linux`: what stands before vendor and OS; those of native recipes have no vendor. */
function packageArchOf(system: string): string {
  const [, arch = system] = /^(.+?)(?:-[^-]+)?-linux(?:-[^-]+)?$/s.exec(system) ?? [];
  return arch === "all" ? "allarch" : arch;
}
