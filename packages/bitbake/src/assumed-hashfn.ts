import { formatHashFn } from "@depid/sstate";
import type { SigdataName } from "./sigdata-name.ts";

/**
 * `BB_HASHFILENAME` of a task as OE-Core makes it, from the name of its signature file (signatures.md section 5). An object tells
 * its SSTATE_PKGSPEC, cut if it was too long; stamps tell the architecture by their folder, and the recipe's version.
 *
 * @param version `PE:PV-PR` as far as it is known; PR is r0 otherwise
 */
export function assumeHashFn({ objectSpec, stamp }: SigdataName, pn: string, version: string): string {
  const [, pv = "", pr = "r0"] = /^[^:]*:(.*?)(?:-(r[^-]*)?)?$/s.exec(version) ?? [];
  const system = stamp.split("/").length === 3 ? (stamp.split("/")[0] ?? "") : "";
  return formatHashFn({
    inDistributionDirectory: /-native$|-cross-|-crosssdk-/.test(pn),
    pkgSpec: objectSpec ?? `sstate:${pn}:${system}:${pv}:${pr}:${packageArchOf(system)}:${VERSION}:`,
    swSpec: `sstate:${pn}::${pv}:${pr}::${VERSION}:`,
  });
}

/** SSTATE_VERSION. */
const VERSION = 14;

/** SSTATE_PKGARCH of a system such as `core2-64-oe-linux`: what stands before vendor and OS; those of native recipes have no vendor. */
function packageArchOf(system: string): string {
  const [, arch = system] = /^(.+?)(?:-[^-]+)?-linux(?:-[^-]+)?$/s.exec(system) ?? [];
  return arch === "all" ? "allarch" : arch;
}
