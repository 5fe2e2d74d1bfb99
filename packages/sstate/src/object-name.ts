import type { DepId } from "@depid/hash";
import { SstateNameError } from "./errors.ts";
import type { HashFn } from "./hashfn.ts";
import { formatObjectFolder } from "./object-place.ts";
import { lengthOf, NAME_LIMIT, roomForEach } from "./object-spec.ts";
import { sstateTaskOf } from "./sstate-task.ts";

/** What an sstate object is named by. Two objects share a name only if all of these agree. */
export interface ObjectOf {
  readonly hashFn: HashFn;
  /** With or without `do_`. */
  readonly task: string;
  /** `undefined`: not known yet; the name then says `INVALID`. */
  readonly depid: DepId | undefined;
  /** `NATIVELSBSTRING`, such as "universal"; read only if the recipe uses the distribution directory. */
  readonly nativeLsbString?: string;
}

/** The archive, the signature data beside it, or its detached GnuPG signature. */
export type ObjectPart = "object" | "siginfo" | "sig";

/** Tasks named by `SSTATE_SWSPEC`: what they make does not depend on the architecture. */
const SW_TASKS: ReadonlySet<string> = new Set(["fetch", "unpack", "patch", "populate_lic", "preconfigure"]);
const EXTENSION = ".tar.zst";
/** What a name has in place of a hash that is not known yet. */
const UNKNOWN = "INVALID";

/**
 * File name of a task's sstate object, relative to `SSTATE_DIR` (signatures.md section 5, SSTATE_VERSION 14).
 *
 * @returns for an object, at most 246 code points after the last "/", leaving 8 for ".siginfo". Outside ASCII this may
 *   be more than the 255 bytes a file system takes: BitBake counts characters too.
 * @throws {SstateNameError} when the mandatory fields alone are longer
 */
export function formatObjectName(of: ObjectOf, part: ObjectPart = "object"): string {
  const task = sstateTaskOf(of.task);
  const isSw = SW_TASKS.has(task) && of.hashFn.swSpec !== "";
  const distribution = of.hashFn.inDistributionDirectory && !isSw ? `${lsbStringOf(of)}/` : "";
  const name = formatObjectFile(isSw ? of.hashFn.swSpec : of.hashFn.pkgSpec, of.depid, task);
  return partOfObject(`${distribution}${formatObjectFolder(of.depid ?? UNKNOWN)}/${name}`, part);
}

/** Path or name of a part of an object, by that of its archive. */
export function partOfObject(object: string, part: ObjectPart): string {
  return part === "object" ? object : `${object}.${part}`;
}

/** Path or name of an object's archive, by that of a part; the inverse of `partOfObject`. */
export function objectOfPart(path: string, part: ObjectPart): string {
  return part === "object" ? path : path.slice(0, -`.${part}`.length);
}

/**
 * The last component of an object's name: spec, depid, task, extension, cut to 246 code points.
 *
 * @param spec `SSTATE_PKGSPEC` or `SSTATE_SWSPEC`; ends in ":"
 * @throws {SstateNameError}
 */
export function formatObjectFile(spec: string, depid: DepId | undefined, task: string): string {
  const tail = `${formatObjectStem("", depid, task)}${EXTENSION}`;
  if (spec.length + tail.length <= NAME_LIMIT) return spec + tail; // UTF-16 units are never fewer than code points
  const excess = lengthOf(spec) + lengthOf(tail) - NAME_LIMIT;
  return `${excess > 0 ? shortenSpec(spec, lengthOf(tail)) : spec}${tail}`;
}

/** An object's name without extension, directories and the length rule: what tells objects apart. */
export function formatObjectStem(spec: string, depid: DepId | undefined, task: string): string {
  return `${spec}${depid ?? UNKNOWN}_${sstateTaskOf(task)}`;
}

/** Cuts architecture triplet, PV and PR, which only inform, to a third each of the room that is left. */
function shortenSpec(spec: string, tailLength: number): string {
  const fields = spec.split(":");
  const [prefix, pn, triplet, pv, pr, pkgArch, version] = fields;
  if (prefix === undefined || pn === undefined || pkgArch === undefined || version === undefined)
    throw new SstateNameError(
      `"${spec}" is too long and has ${fields.length - 1} fields; 7 are needed to tell which may be cut`,
    );
  const mandatory = [prefix, pn, pkgArch, version].reduce((sum, field) => sum + lengthOf(field), 7 + tailLength);
  const room = roomForEach(mandatory);
  const cut = [triplet, pv, pr].map((field) => Array.from(field ?? "").slice(0, room));
  const short = [prefix, pn, ...cut.map((field) => field.join("")), ...fields.slice(5)].join(":");
  if (lengthOf(short) + tailLength > NAME_LIMIT)
    throw new SstateNameError(
      `${lengthOf(short) + tailLength} characters after cutting, ${NAME_LIMIT} allowed; shorten PN or SSTATE_PKGARCH of "${spec}"`,
    );
  return short;
}

function lsbStringOf(of: ObjectOf): string {
  if (of.nativeLsbString === undefined || of.nativeLsbString === "")
    throw new SstateNameError(
      `${of.hashFn.pkgSpec} lies in the distribution directory, and NATIVELSBSTRING is not given`,
    );
  return of.nativeLsbString;
}
