/** SSTATE_VERSION of OE-Core today: part of every object's name. */
export const SSTATE_VERSION = 14;

/** Longest name of an object in characters, not bytes: a limit of 254, less what `.siginfo` needs, so that both names are cut alike. */
export const NAME_LIMIT = 246;

/** What an object's name says of the recipe. In a name that was too long triplet, PV and PR, which only inform, are cut. */
export interface ObjectSpec {
  readonly pn: string;
  /** `<PACKAGE_ARCH><TARGET_VENDOR>-<TARGET_OS>`; "" in that of tasks named by SSTATE_SWSPEC. */
  readonly triplet: string;
  readonly pv: string;
  readonly pr: string;
  /** SSTATE_PKGARCH; "" in that of tasks named by SSTATE_SWSPEC. */
  readonly pkgarch: string;
  /** SSTATE_VERSION. */
  readonly version: string;
}

/** SSTATE_PKGSPEC, or SSTATE_SWSPEC, as expanded: what an object's name begins with. */
export function formatObjectSpec({ pn, triplet, pv, pr, pkgarch, version }: ObjectSpec): string {
  return `sstate:${pn}:${triplet}:${pv}:${pr}:${pkgarch}:${version}:`;
}

/** Characters that triplet, PV and PR may have each in a name that is cut. @param rest characters of all else */
export function roomForEach(rest: number): number {
  return Math.max(Math.floor((NAME_LIMIT - rest) / 3), 0);
}

const ASCII = /^[\x20-\x7e]*$/;

/** Code points, as Python counts. */
export function lengthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
