import { parseDepId } from "@depid/hash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findObjectName, formatObjectFile } from "./index.ts";

const HASH = "06d22156759e9a0e59d69f59a0c47ac6eec23948fafd555f899ec2ea35041bf5";
const TARGET = `sstate:minilib:x86-64-v3-oe-linux:1.2:r0:x86-64-v3:14:${HASH}_populate_sysroot.tar.zst`;

describe("the name of an sstate object", () => {
  it.each([
    {
      what: "of a task of the target",
      file: TARGET,
      part: "object",
      name: { pn: "minilib", triplet: "x86-64-v3-oe-linux", pv: "1.2", pr: "r0", pkgarch: "x86-64-v3", version: "14" },
      task: "do_populate_sysroot",
    },
    {
      what: "of a task without architecture",
      file: `sstate:minilib::1.2:r0::14:${HASH}_patch.tar.zst.siginfo`,
      part: "siginfo",
      name: { pn: "minilib", triplet: "", pv: "1.2", pr: "r0", pkgarch: "", version: "14" },
      task: "do_patch",
    },
    {
      what: "of older releases",
      file: `sstate:minilib:i586-poky-linux:1.2:r0:i586:3:${HASH}_package.tgz.sig`,
      part: "sig",
      name: { pn: "minilib", triplet: "i586-poky-linux", pv: "1.2", pr: "r0", pkgarch: "i586", version: "3" },
      task: "do_package",
    },
  ])("$what is taken apart", ({ file, part, name, task }) => {
    const found = findObjectName(file);
    expect(found).toMatchObject({ part, name: { ...name, depid: HASH, task, shortened: false } });
    expect(file.startsWith(found?.object ?? "-")).toBe(true);
  });

  it("may lack a hash", () => {
    expect(findObjectName(TARGET.replace(HASH, "INVALID"))?.name.depid).toBe("INVALID");
  });

  it.each([
    ["another file", "README"],
    ["a lock", `${TARGET}.lock`],
    ["a hash too short", TARGET.replace(HASH, HASH.slice(1))],
    ["a field too few", TARGET.replace(":r0:", ":")],
    ["no recipe", TARGET.replace("minilib", "")],
    ["no task", TARGET.replace("_populate_sysroot", "")],
    ["a signature of signature data", `${TARGET}.siginfo.sig`],
  ])("is not %s", (_what, file) => {
    expect(findObjectName(file)).toBeUndefined();
  });

  it("is the inverse of making one, and says when fields may have been cut", () => {
    const field = fc.stringMatching(/^[a-zA-Z0-9+._-]{1,90}$/);
    const depid = parseDepId(HASH);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9+-]{1,20}$/), field, field, field, (pn, triplet, pv, pr) => {
        const file = formatObjectFile(`sstate:${pn}:${triplet}:${pv}:${pr}:x86:14:`, depid, "do_package_qa");
        const { name } = findObjectName(file) ?? {};
        const whole = { pn, pkgarch: "x86", version: "14", depid, task: "do_package_qa" };
        expect(name).toMatchObject(whole);
        expect(triplet.startsWith(name?.triplet ?? "-") && pv.startsWith(name?.pv ?? "-")).toBe(true);
        if (name?.shortened === false) expect(name).toMatchObject({ triplet, pv, pr });
      }),
    );
  });
});
