import { HASH_PATTERN, TASK_PREFIX } from "@depid/hash";
import { type ObjectPart, objectOfPart } from "./object-name.ts";
import { lengthOf, type ObjectSpec, roomForEach } from "./object-spec.ts";

/** What the name of an sstate object says (signatures.md section 5). A field that the name does not have is "". */
export interface ObjectName extends ObjectSpec {
  /** 64 hex digits; `INVALID` where BitBake knew none. */
  readonly depid: string;
  /** With `do_`, as everywhere else; the name has it without. */
  readonly task: string;
  /** Whether triplet, PV and PR are as long as a name that was cut lets them be, so that each may have been longer. */
  readonly shortened: boolean;
}

/** The name of one of the files of an object, taken apart. */
export interface FoundObjectName {
  /** The object's name without what its part adds. */
  readonly object: string;
  readonly part: ObjectPart;
  readonly name: ObjectName;
}

const NAME = new RegExp(
  `^sstate:([^:]+):([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(${HASH_PATTERN}|INVALID)_([\\w-]+)\\.(?:tar\\.zst|tgz)(\\.siginfo|\\.sig)?$`,
);

/**
 * Takes the name of a file of an sstate directory apart (signatures.md section 5, SSTATE_VERSION 3 and later; archives were `.tgz` before
 * they were `.tar.zst`).
 *
 * @returns `undefined` if this is no such name
 */
export function findObjectName(file: string): FoundObjectName | undefined {
  const match = NAME.exec(file);
  if (match === null) return undefined;
  const [, pn = "", triplet = "", pv = "", pr = "", pkgarch = "", version = "", depid = "", task = "", tail = ""] =
    match;
  const part = (tail.slice(1) || "object") as ObjectPart;
  const object = objectOfPart(file, part);
  const spec = { pn, triplet, pv, pr, pkgarch, version };
  return {
    object,
    part,
    name: { ...spec, depid, task: `${TASK_PREFIX}${task}`, shortened: isShortened(object, spec) },
  };
}

/** Where a name is too long, triplet, PV and PR are cut to a third each of the room that the other fields leave. */
function isShortened(object: string, { triplet, pv, pr }: ObjectSpec): boolean {
  const cuttable = [triplet, pv, pr].map(lengthOf);
  const room = roomForEach(cuttable.reduce((left, length) => left - length, lengthOf(object)));
  return cuttable.some((length) => length === room) && cuttable.every((length) => length <= room);
}
