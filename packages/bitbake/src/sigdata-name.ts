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

/** A real or setscene stamp with a hash in its name: what a signature file beside it would say of recipe and place. */
export interface StampPath extends Pick<SigdataName, "pn" | "stamp" | "place" | "task" | "hash"> {
  readonly kind: "stamp";
}

/**
 * Takes the path of a signature file apart: `<stamps>/<arch>/<PN>/<PV>.do_x.sigdata.<hash>` or `sstate:<PN>:…_x.tar.zst.siginfo`.
 *
 * @param path with "/" between its parts; absolute, so that its folders are there
 * @returns `undefined` for any other file
 */
export function parseSigdataName(path: string): SigdataName | undefined {
  const slash = path.lastIndexOf("/");
  const name = nameIn(folderOf(path.slice(0, Math.max(slash, 0))), path.slice(slash + 1));
  return name?.kind === "stamp" ? undefined : name;
}

/** What a folder tells of the stamps and signature files in it (signatures.md section 4). */
export interface FolderOfNames {
  /** Recipe name; `undefined` where the folder is not named by it. */
  readonly pn: string | undefined;
  /** What stands before the base of a name in STAMP. */
  readonly stampFolder: string;
  /** As `SigdataName` has it. */
  readonly place: string;
  /** Whether what names begin with is a version. */
  readonly isVersioned: boolean;
}

/** @param folder its path, with "/" between its parts; absolute */
export function folderOf(folder: string): FolderOfNames {
  const slash = folder.lastIndexOf("/");
  const name = folder.slice(slash + 1);
  if (NAMELESS.has(name)) return { pn: undefined, stampFolder: name, place: folder, isVersioned: false };
  const above = folder.slice(0, Math.max(slash, 0));
  const arch = above.slice(above.lastIndexOf("/") + 1);
  return { pn: name, stampFolder: `${arch}/${name}`, place: above, isVersioned: true };
}

/** Takes the name of a signature file, or of a stamp with a hash, apart. @returns `undefined` for any other file */
export function nameIn(folder: FolderOfNames, file: string): SigdataName | StampPath | undefined {
  if (file.startsWith("sstate:")) return objectNameOf(file);
  const { base, kind, task = "", hash = null } = findStampFile(file) ?? {};
  if (hash === null || kind === undefined || kind === "taint") return undefined;
  const { pn, stampFolder, place, isVersioned } = folder;
  const stamp = `${stampFolder}/${base}`;
  if (kind === "real" || kind === "setscene") return { kind: "stamp", pn, stamp, place, task, hash };
  return { kind, pn, task, hash, version: isVersioned ? `:${base}` : "", stamp, objectSpec: undefined, place };
}

/** What an object's signature file tells by its name. */
function objectNameOf(file: string): SigdataName | undefined {
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

/**
 * Folders that are not named by a recipe: that of stamps which recipes of OE-Core share, and that of all stamps, in layers whose
 * STAMP has no folders below it.
 */
const NAMELESS: ReadonlySet<string> = new Set(["work-shared", "stamps"]);
