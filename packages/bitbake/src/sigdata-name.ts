import { isDepId } from "@depid/hash";
import { classifySstateFile, findObjectName, findStampFile, formatObjectSpec, isOldStampData } from "@depid/sstate";
/** What the path of a signature file tells (signatures.md sections 3 to 5). */
export interface SigdataName {
  readonly kind: "sigdata" | "sigbasedata" | "siginfo";
  /** Recipe name; `undefined` where no folder is named by it (`work-shared/gcc-16.1.0-r0`). */
  readonly pn: string | undefined;
  /** With `do_`. */
  readonly task: string;
  /** The hash in the name: a depid, or a basehash in that of a sigbasedata file. */
  readonly hash: string;
  /** `PE:PV-PR` as far as it is known: `:PV`, `:PV-PR`, or "". */
  readonly version: string;
  /** Stamp base relative to the stamps directory; "" for a siginfo. */
  readonly stamp: string;
  /** What an object's name begins with, `sstate:PN:…:14:`: its SSTATE_PKGSPEC or SSTATE_SWSPEC; `undefined` beside stamps. */
  readonly objectSpec: string | undefined;
  /** Directory of stamps or objects, one for each architecture: where a task has one current file. */
  readonly place: string;
}

/**
 * Takes the path of a signature file apart: `<stamps>/<arch>/<PN>/<PV>.do_x.sigdata.<hash>` or `sstate:<PN>:…_x.tar.zst.siginfo`.
 *
 * @param path with "/" between its parts; absolute, so that its folders are there
 * @returns `undefined` for any other file
 */
export function parseSigdataName(path: string): SigdataName | undefined {
  const parts = path.split("/");
  const file = parts.at(-1) ?? "";
  const stamped = findStampFile(file);
  if (stamped?.kind === "sigdata" || stamped?.kind === "sigbasedata") {
    const { base, kind, task, hash } = stamped;
    if (hash === null) return undefined;
    const [arch = "", folder = ""] = parts.slice(-3, -1);
    const own = { kind, task, hash, objectSpec: undefined };
    if (NAMELESS.has(folder)) {
      return { ...own, pn: undefined, version: "", stamp: `${folder}/${base}`, place: parts.slice(0, -1).join("/") };
    }
    const place = parts.slice(0, -2).join("/");
    return { ...own, pn: folder, version: `:${base}`, stamp: `${arch}/${folder}/${base}`, place };
  }
  const { part, name } = findObjectName(file) ?? {};
  if (part !== "siginfo" || name === undefined || !isDepId(name.depid)) return undefined;
  const { pn, triplet, pv, pr, pkgarch, depid: hash, task } = name;
  // Objects of one recipe lie in many directories, by their hashes. Tasks named by SSTATE_SWSPEC have no architecture in theirs.
  const place = triplet === "" && pkgarch === "" ? "sstate" : `sstate:${pkgarch}`;
  const objectSpec = formatObjectSpec(name);
  return { kind: "siginfo", pn, task, hash, version: `:${pv}-${pr}`, stamp: "", objectSpec, place };
}

/** Whether a path is that of a signature file of a release before 3.0 (zeus), whose hashes have 32 digits. */
export function isOldSigdataName(path: string): boolean {
  const file = path.slice(path.lastIndexOf("/") + 1);
  return isOldStampData(file) || classifySstateFile(file).kind === "old-siginfo";
}

/** A real or setscene stamp: what a signature file beside it would say of recipe and place. */
export interface StampPath extends Pick<SigdataName, "pn" | "stamp" | "place" | "task" | "hash"> {}

/** Takes the path of a stamp with a hash apart; `undefined` for any other file (signatures.md section 4). */
export function parseStampPath(path: string): StampPath | undefined {
  const parts = path.split("/");
  const { kind, base, task = "", hash = null } = findStampFile(parts.at(-1) ?? "") ?? {};
  if (hash === null || (kind !== "real" && kind !== "setscene")) return undefined;
  const [arch = "", folder = ""] = parts.slice(-3, -1);
  if (NAMELESS.has(folder)) {
    return { pn: undefined, stamp: `${folder}/${base}`, place: parts.slice(0, -1).join("/"), task, hash };
  }
  return { pn: folder, stamp: `${arch}/${folder}/${base}`, place: parts.slice(0, -2).join("/"), task, hash };
}

/**
 * Folders that are not named by a recipe: that of stamps which recipes of OE-Core share, and that of all stamps, in layers whose
 * STAMP has no folders below it.
 */
const NAMELESS: ReadonlySet<string> = new Set(["work-shared", "stamps"]);
