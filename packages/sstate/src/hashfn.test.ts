import { describe, expect, it } from "vitest";
import { formatHashFn, HashFnError, parseHashFn } from "./index.ts";

const PKG = "sstate:expat:core2-64-poky-linux:2.8.2:r0:core2-64:14:";
const SW = "sstate:expat::2.8.2:r0::14:";

describe("BB_HASHFILENAME", () => {
  it.each([
    [`False ${PKG} ${SW}`, { inDistributionDirectory: false, pkgSpec: PKG, swSpec: SW }],
    [`True ${PKG} ${SW}`, { inDistributionDirectory: true, pkgSpec: PKG, swSpec: SW }],
    [`True ${PKG} `, { inDistributionDirectory: true, pkgSpec: PKG, swSpec: "" }],
  ])("%j is read, and written back", (text, hashFn) => {
    expect(parseHashFn(text)).toEqual(hashFn);
    expect(formatHashFn(hashFn)).toBe(text);
  });
  it.each([[""], [PKG], [`false ${PKG} ${SW}`], [`True ${PKG}`], [`True ${PKG} ${SW} x`], [undefined]])(
    "%j is refused",
    (text) => {
      expect(() => parseHashFn(text)).toThrow(HashFnError);
      expect(() => parseHashFn(text)).toThrow(/^hashfn: expected "<True\|False> <SSTATE_PKGSPEC> <SSTATE_SWSPEC>"/);
    },
  );
});
