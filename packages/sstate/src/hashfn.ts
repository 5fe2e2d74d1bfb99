import { HashFnError } from "./errors.ts";

/** What a recipe says about the names of its sstate objects (signatures.md section 5). */
export interface HashFn {
  /** Objects lie below `NATIVELSBSTRING`: native, cross and crosssdk recipes, whose output depends on the build host. */
  readonly inDistributionDirectory: boolean;
  /** `SSTATE_PKGSPEC` as expanded: `sstate:PN:ARCH-OS:PV:PR:PKGARCH:14:`. */
  readonly pkgSpec: string;
  /** `SSTATE_SWSPEC` as expanded, for tasks whose output is the same on every architecture; "" where there is none. */
  readonly swSpec: string;
}

const HASHFN = /^(True|False) ([^ ]+) ([^ ]*)$/s;

/** Reads the text of `BB_HASHFILENAME`. @throws {HashFnError} */
export function parseHashFn(text: unknown): HashFn {
  const match = typeof text === "string" ? HASHFN.exec(text) : null;
  if (match === null) throw new HashFnError(text);
  return { inDistributionDirectory: match[1] === "True", pkgSpec: match[2] ?? "", swSpec: match[3] ?? "" };
}

/** The text of `BB_HASHFILENAME`; the inverse of `parseHashFn`. */
export function formatHashFn(hashFn: HashFn): string {
  return `${hashFn.inDistributionDirectory ? "True" : "False"} ${hashFn.pkgSpec} ${hashFn.swSpec}`;
}

/** Places of PV and PR in a `SSTATE_PKGSPEC`. */
const VERSION_FIELDS = [3, 4];

/** A `SSTATE_PKGSPEC` without PV and PR: the same for all versions of a recipe. One that does not have these fields stays as it is. */
export function pkgSpecOfAnyVersion(pkgSpec: string): string {
  return pkgSpec
    .split(":")
    .map((field, place) => (VERSION_FIELDS.includes(place) ? "" : field))
    .join(":");
}
