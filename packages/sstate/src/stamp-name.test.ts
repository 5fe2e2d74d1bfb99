import { parseBaseHash, parseDepId, parseTaskHash, type StampHash } from "@depid/hash";
import { describe, expect, it } from "vitest";
import {
  findStampVariant,
  formatSigbasedataName,
  formatSigdataName,
  formatStampName,
  formatTaintName,
} from "./index.ts";

const [T, D, OTHER] = ["1".repeat(64), "2".repeat(64), "3".repeat(64)];
const hashes = { taskhash: parseTaskHash(T), depid: parseDepId(D) };
const plain = { stamp: "stamps/x86/expat/2.8.2", task: "do_compile" };
const withExtra = { ...plain, extraInfo: "qemux86-64" };
const S = "stamps/x86/expat/2.8.2.do_compile";

describe("formatStampName", () => {
  it.each([
    ["Basic", "none", `${S}`, `${S}_setscene`, `${S}.qemux86-64`, `${S}_setscene.qemux86-64`],
    [
      "BasicHash",
      "taskhash",
      `${S}.${T}`,
      `${S}_setscene.${T}`,
      `${S}.${T}.qemux86-64`,
      `${S}_setscene.${T}.qemux86-64`,
    ],
    ["EquivHash", "depid", `${S}.${D}`, `${S}_setscene.${D}`, `${S}.${D}.qemux86-64`, `${S}_setscene.${D}.qemux86-64`],
  ] as const)("%s: real and setscene, without and with extra info", (_generator, carries, ...names) => {
    expect([
      formatStampName(plain, carries, hashes),
      formatStampName(plain, carries, hashes, "setscene"),
      formatStampName(withExtra, carries, hashes),
      formatStampName(withExtra, carries, hashes, "setscene"),
    ]).toEqual(names);
  });
  it("trailing dots are stripped", () => {
    expect(formatStampName({ ...plain, extraInfo: "x.." }, "depid", hashes)).toBe(`${S}.${D}.x`);
    expect(formatStampName({ ...plain, extraInfo: "" }, "none", hashes)).toBe(S);
  });
});

it("taint, signature data and base signature data lie beside the stamps", () => {
  expect(formatTaintName(withExtra)).toBe(`${S}.taint`);
  expect(formatSigdataName(withExtra, hashes.depid)).toBe(`${S}.sigdata.${D}`);
  expect(formatSigbasedataName(withExtra, parseBaseHash(OTHER))).toBe(`${S}.sigbasedata.${OTHER}`);
});

describe("findStampVariant", () => {
  it.each<[string, typeof plain & { extraInfo?: string }, StampHash, string, "real" | "setscene" | undefined]>([
    ["a stamp of another hash", plain, "depid", `${S}.${OTHER}`, "real"],
    ["a setscene stamp of another hash", plain, "taskhash", `${S}_setscene.${OTHER}`, "setscene"],
    ["a stamp with extra info, asked for without", plain, "depid", `${S}.${OTHER}.qemux86-64`, "real"],
    ["a stamp with this extra info", withExtra, "depid", `${S}.${OTHER}.qemux86-64`, "real"],
    ["a stamp with other extra info", withExtra, "depid", `${S}.${OTHER}.qemuarm`, undefined],
    ["a stamp without extra info, asked for with", withExtra, "depid", `${S}.${OTHER}`, undefined],
    ["signature data", plain, "depid", `${S}.sigdata.${D}`, undefined],
    ["base signature data", plain, "depid", `${S}.sigbasedata.${D}`, undefined],
    ["a taint", plain, "depid", `${S}.taint`, undefined],
    ["a stamp of a task whose name begins alike", plain, "depid", `${S}_more.${D}`, undefined],
    ["a stamp of another version", plain, "depid", `stamps/x86/expat/2.8.20.do_compile.${D}`, undefined],
    ["Basic's stamp", plain, "none", S, "real"],
    ["Basic's setscene stamp", plain, "none", `${S}_setscene`, "setscene"],
    ["Basic's stamp with extra info", withExtra, "none", `${S}.qemux86-64`, "real"],
    ["a stamp with a hash, for Basic", plain, "none", `${S}.${D}`, undefined],
    ["Basic's stamp, for another generator", plain, "depid", S, undefined],
  ])("%s", (_what, of, carries, name, variant) => {
    expect(findStampVariant(name, of, carries)).toBe(variant);
  });
});
