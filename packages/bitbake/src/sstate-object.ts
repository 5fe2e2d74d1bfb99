/** An sstate object as its name says it, with what lies beside it. One row of the table `objects`. */
export interface SstateObjectRow extends SstateName {
  /** Where it lies below the sstate directory, without `.siginfo`, `.sig`: `[DISTRIBUTION/]ab/cd/sstate:…tar.zst`. */
  readonly path: string;
  /** NATIVELSBSTRING of the folder it lies in; "" for objects of the target and of tasks named by SSTATE_SWSPEC. */
  readonly distribution: string;
  /** Bytes of the archive; null if there is none, as for tasks that keep their signature data alone. */
  readonly size: number | null;
  /** Bytes of the signature data beside it; null if there are none. */
  readonly siginfo: number | null;
  /** Bytes of the detached GnuPG signature; null if there is none. */
  readonly sig: number | null;
  /** When the newest of these files was written or last used (BitBake touches what it finds): seconds since 1970. */
  readonly modified: number;
  /** Whether the archive is a symbolic link, as BitBake makes for objects of a mirror that is a directory. */
  readonly link: boolean;
}

/** What the name of an sstate object says (signatures.md section 5). A field that the name does not have is "". */
export interface SstateName {
  readonly pn: string;
  /** `<PACKAGE_ARCH><TARGET_VENDOR>-<TARGET_OS>`; cut in long names. */
  readonly triplet: string;
  /** Cut in long names. */
  readonly pv: string;
  /** Cut in long names. */
  readonly pr: string;
  /** SSTATE_PKGARCH. */
  readonly pkgarch: string;
  /** SSTATE_VERSION. */
  readonly version: string;
  /** 64 hex digits; `INVALID` where BitBake knew none. */
  readonly depid: string;
  /** With `do_`, as everywhere else; the name has it without. */
  readonly task: string;
  /** Whether triplet, PV and PR are as long as a name that was cut lets them be, so that each may have been longer. */
  readonly shortened: boolean;
}

/** Which file of an object a name belongs to. */
export type SstateFilePart = "object" | "siginfo" | "sig";

const NAME =
  /^sstate:([^:]+):([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):([0-9a-f]{64}|INVALID)_([\w-]+)\.(tar\.zst|tgz)((?:\.siginfo)?)((?:\.sig)?)$/;

/** Longest name of an object, in code points. */
const NAME_LIMIT = 246;

/**
 * Takes the name of a file of an sstate directory apart (signatures.md section 5, SSTATE_VERSION 3 and later).
 *
 * @returns the object's name without what its part adds, and its fields; `undefined` if this is no such name
 */
export function findSstateName(
  file: string,
): { readonly object: string; readonly part: SstateFilePart; readonly name: SstateName } | undefined {
  const match = NAME.exec(file);
  if (match === null) return undefined;
  const [, pn = "", triplet = "", pv = "", pr = "", pkgarch = "", version = "", depid = "", task = ""] = match;
  const [siginfo = "", sig = ""] = match.slice(10);
  if (siginfo !== "" && sig !== "") return undefined;
  const object = file.slice(0, file.length - siginfo.length - sig.length);
  const fields = { pn, triplet, pv, pr, pkgarch, version, depid, task: `do_${task}` };
  return {
    object,
    part: siginfo !== "" ? "siginfo" : sig !== "" ? "sig" : "object",
    name: { ...fields, shortened: isShortened(object, fields) },
  };
}

/** Where a name is too long, triplet, PV and PR are cut to a third each of the room that the other fields leave. */
function isShortened(object: string, { triplet, pv, pr }: Pick<SstateName, "triplet" | "pv" | "pr">): boolean {
  const cuttable = [triplet, pv, pr].map(lengthOf);
  const rest = cuttable.reduce((left, length) => left - length, lengthOf(object));
  const room = Math.max(Math.floor((NAME_LIMIT - rest) / 3), 0);
  return cuttable.some((length) => length === room) && cuttable.every((length) => length <= room);
}

const ASCII = /^[\x20-\x7e]*$/;

/** Code points, as Python counts. */
function lengthOf(text: string): number {
  return ASCII.test(text) ? text.length : Array.from(text).length;
}
