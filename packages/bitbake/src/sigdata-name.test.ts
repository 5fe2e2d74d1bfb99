import { describe, expect, it } from "vitest";
import { assumeHashFn } from "./assumed-hashfn.ts";
import { parseSigdataName } from "./sigdata-name.ts";

const H = "a1".repeat(32);
const STAMPS = "/build/tmp/stamps";

describe("the path of a signature file tells recipe, version, task and stamp", () => {
  it.each([
    [
      `${STAMPS}/core2-64-oe-linux/expat/2.8.2.do_compile.sigdata.${H}`,
      { kind: "sigdata", pn: "expat", task: "do_compile", version: ":2.8.2", stamp: "core2-64-oe-linux/expat/2.8.2" },
    ],
    [
      `${STAMPS}/all-oe-linux/base-files/3.0.14+git.do_fetch.sigbasedata.${H}`,
      { kind: "sigbasedata", pn: "base-files", version: ":3.0.14+git" },
    ],
    [
      `${STAMPS}/work-shared/gcc-16.1.0-r0.do_unpack.sigdata.${H}`,
      { pn: undefined, version: "", stamp: "work-shared/gcc-16.1.0-r0" },
    ],
    [`${STAMPS}/lower.do_unpack.sigdata.${H}`, { pn: undefined, stamp: "stamps/lower" }],
    [
      `/sstate/a1/b2/sstate:expat:core2-64-oe-linux:2.8.2:r0:core2-64:14:${H}_package.tar.zst.siginfo`,
      { kind: "siginfo", pn: "expat", task: "do_package", version: ":2.8.2-r0", stamp: "" },
    ],
    [
      `/sstate/universal/a1/b2/sstate:expat-native::2.8.2:r1::14:${H}_populate_lic.tar.zst.siginfo`,
      {
        pn: "expat-native",
        task: "do_populate_lic",
        version: ":2.8.2-r1",
        objectSpec: "sstate:expat-native::2.8.2:r1::14:",
      },
    ],
  ])("%s", (path, told) => {
    expect(parseSigdataName(path)).toMatchObject({ hash: H, ...told });
  });
  it.each([
    `${STAMPS}/x/expat/2.8.2.do_compile.${H}`,
    `${STAMPS}/x/expat/2.8.2.do_compile.taint`,
    `${STAMPS}/x/expat/2.8.2.do_compile.sigdata.short`,
    `/sstate/a1/b2/sstate:expat:x:2.8.2:r0:x:14:${H}_package.tar.zst`,
    `/sstate/a1/b2/sstate:expat:x:${H}_package.tar.zst.siginfo`,
    "",
  ])("%s is none", (path) => {
    expect(parseSigdataName(path)).toBeUndefined();
  });
});

describe("BB_HASHFILENAME, as OE-Core makes it of what the name tells", () => {
  it.each([
    [
      "x86-64-v3-oe-linux/expat/2.8.2",
      "expat",
      ":2.8.2",
      "False sstate:expat:x86-64-v3-oe-linux:2.8.2:r0:x86-64-v3:14: sstate:expat::2.8.2:r0::14:",
    ],
    [
      "all-oe-linux/tzdata/2026a",
      "tzdata",
      "1:2026a-r2",
      "False sstate:tzdata:all-oe-linux:2026a:r2:allarch:14: sstate:tzdata::2026a:r2::14:",
    ],
    [
      "x86_64-linux/gperf-native/3.3",
      "gperf-native",
      ":3.3-",
      "True sstate:gperf-native:x86_64-linux:3.3:r0:x86_64:14: sstate:gperf-native::3.3:r0::14:",
    ],
    [
      "cortexa9-oe-linux-gnueabi/m4/1.4",
      "m4",
      ":1.4",
      "False sstate:m4:cortexa9-oe-linux-gnueabi:1.4:r0:cortexa9:14: sstate:m4::1.4:r0::14:",
    ],
  ])("%s", (stamp, pn, version, hashfn) => {
    const name = parseSigdataName(`/stamps/${stamp}.do_x.sigdata.${H}`);
    expect(name && assumeHashFn(name, pn, version)).toBe(hashfn);
  });
});
