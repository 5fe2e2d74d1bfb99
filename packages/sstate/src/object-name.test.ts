import { parseDepId } from "@depid/hash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatObjectFile,
  formatObjectName,
  formatObjectStem,
  type ObjectOf,
  parseHashFn,
  SstateNameError,
} from "./index.ts";

const depid = parseDepId(`a1b2${"0".repeat(60)}`);
const PKG = "sstate:expat:core2-64-poky-linux:2.8.2:r0:core2-64:14:";
const SW = "sstate:expat::2.8.2:r0::14:";
const target = parseHashFn(`False ${PKG} ${SW}`);
const native = parseHashFn(`True ${PKG} ${SW}`);
const nativeLsbString = "universal";
const points = (text: string) => Array.from(text).length;
const specOf = (pn: string, triplet: string, pv: string, pr: string, arch = "core2-64") =>
  `sstate:${pn}:${triplet}:${pv}:${pr}:${arch}:14:`;

describe("formatObjectName", () => {
  it.each<[string, Omit<ObjectOf, "depid">, string]>([
    ["a task's object", { hashFn: target, task: "do_package" }, `a1/b2/${PKG}${depid}_package.tar.zst`],
    ["a name without do_", { hashFn: target, task: "package" }, `a1/b2/${PKG}${depid}_package.tar.zst`],
    [
      "PKGSPEC for populate_lic if there is no SWSPEC",
      { hashFn: { ...target, swSpec: "" }, task: "do_populate_lic" },
      `a1/b2/${PKG}${depid}_populate_lic.tar.zst`,
    ],
    [
      "the distribution directory for a native recipe",
      { hashFn: native, task: "do_populate_sysroot", nativeLsbString },
      `universal/a1/b2/${PKG}${depid}_populate_sysroot.tar.zst`,
    ],
    [
      "no distribution directory for a task named by SWSPEC",
      { hashFn: native, task: "do_patch" },
      `a1/b2/${SW}${depid}_patch.tar.zst`,
    ],
  ])("%s", (_what, of, name) => {
    expect(formatObjectName({ ...of, depid })).toBe(name);
  });
  it.each(["fetch", "unpack", "patch", "populate_lic", "preconfigure"])("%s is named by SWSPEC", (task) => {
    const name = `a1/b2/${SW}${depid}_${task}.tar.zst`;
    expect(formatObjectName({ hashFn: target, task: `do_${task}`, depid })).toBe(name);
  });
  it("without a hash the word INVALID stands in its place, in the directories too", () => {
    const of = { hashFn: target, task: "do_package", depid: undefined };
    expect(formatObjectName(of)).toBe(`IN/VA/${PKG}INVALID_package.tar.zst`);
  });
  it("signature data and the detached signature lie beside the object", () => {
    const of = { hashFn: target, task: "do_package", depid };
    expect(formatObjectName(of, "siginfo")).toBe(`${formatObjectName(of)}.siginfo`);
    expect(formatObjectName(of, "sig")).toBe(`${formatObjectName(of)}.sig`);
  });
  it("a recipe that uses the distribution directory needs to know which", () => {
    expect(() => formatObjectName({ hashFn: native, task: "do_package", depid })).toThrow(/NATIVELSBSTRING/);
  });
});

describe("the length of a name", () => {
  // 64 digits, "_package" and ".tar.zst" are 80 characters: 166 are left for the spec.
  const spec = (length: number) => specOf("x", "t".repeat(length - 31), "1.0", "r0", "arch-core2");
  it("is 246 characters at most, and a name that long is not cut", () => {
    const text = spec(166);
    expect(text.length).toBe(166);
    expect(formatObjectFile(text, depid, "package")).toBe(`${text}${depid}_package.tar.zst`);
    expect(formatObjectFile(spec(167), depid, "package")).toBe(
      `${specOf("x", "t".repeat(46), "1.0", "r0", "arch-core2")}${depid}_package.tar.zst`,
    );
  });
  it("architecture triplet, PV and PR are cut to a third each of what is left", () => {
    const long = specOf("x".repeat(100), "t".repeat(50), "1".repeat(50), "r".repeat(50));
    const cut = specOf("x".repeat(100), "t".repeat(14), "1".repeat(14), "r".repeat(14));
    expect(formatObjectFile(long, depid, "package")).toBe(`${cut}${depid}_package.tar.zst`);
  });
  it("fields shorter than their third are kept, and leave their room unused", () => {
    const long = specOf("x".repeat(100), "t".repeat(60), "1.0", "r0");
    expect(formatObjectFile(long, depid, "package")).toContain(`:${"t".repeat(14)}:1.0:r0:`);
  });
  it("is counted in code points: a name outside ASCII is not cut for its bytes or UTF-16 units", () => {
    const emoji = specOf("x", "\u{1F600}".repeat(135), "1.0", "r0", "arch-core2");
    expect(points(emoji)).toBe(166);
    expect(formatObjectFile(emoji, depid, "package")).toBe(`${emoji}${depid}_package.tar.zst`);
    const longer = formatObjectFile(specOf("x", "\u{1F600}".repeat(136), "1.0", "r0", "arch-core2"), depid, "package");
    expect(longer).toContain(`:${"\u{1F600}".repeat(46)}:1.0:r0:`);
  });
  it("cannot be kept when the mandatory fields alone are longer", () => {
    const fits = specOf("x".repeat(143), "t", "1", "r");
    expect(formatObjectFile(fits, depid, "package")).toBe(
      `${specOf("x".repeat(143), "", "", "")}${depid}_package.tar.zst`,
    );
    const error = () => formatObjectFile(specOf("x".repeat(144), "t", "1", "r"), depid, "package");
    expect(error).toThrow(SstateNameError);
    expect(error).toThrow(/^sstate object name: 247 characters after cutting, 246 allowed; shorten PN/);
  });
  it("cannot be kept for a spec without the seven fields", () => {
    expect(() => formatObjectFile(`sstate:${"x".repeat(200)}:`, depid, "package")).toThrow(/has 2 fields/);
  });
  it("never exceeds 246 code points, 254 with .siginfo, and keeps what is mandatory", () => {
    const field = fc.string({ unit: "grapheme", maxLength: 90 }).map((text) => text.replace(/[:/ ]/g, "-"));
    fc.assert(
      fc.property(field, field, field, field, field, (pn, triplet, pv, pr, arch) => {
        const spec = specOf(pn, triplet, pv, pr, arch);
        const of = { hashFn: { ...target, pkgSpec: spec }, task: "do_package_write_ipk", depid };
        const mandatory = points(specOf(pn, "", "", "", arch)) + 64 + points("_package_write_ipk.tar.zst");
        if (mandatory > 246) return expect(() => formatObjectName(of)).toThrow(SstateNameError);
        const file = formatObjectName(of).slice("a1/b2/".length);
        expect(points(file)).toBeLessThanOrEqual(246);
        expect(points(formatObjectName(of, "siginfo").slice("a1/b2/".length))).toBeLessThanOrEqual(254);
        const kept = file.split(":");
        expect([kept[0], kept[1], kept[5], kept[6]]).toEqual(["sstate", pn, arch, "14"]);
      }),
    );
  });
});

it("a stem tells objects apart by spec, depid and task", () => {
  expect(formatObjectStem("sstate:a:", depid, "do_package")).toBe(`sstate:a:${depid}_package`);
});
