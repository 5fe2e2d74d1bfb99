import { describe, expect, it } from "vitest";
import { classifySstateFile, findObjectPlace } from "./index.ts";

const DEPID = `0b1f${"a".repeat(60)}`;
const NAME = `sstate:zlib:x86_64-linux:1.3:r0:x86_64:14:${DEPID}_populate_sysroot.tar.zst`;
const PATH = `0b/1f/${NAME}`;
const OLD = `sstate:zlib:x86_64-linux:1.3:r0:x86_64:3:${"a".repeat(32)}_populate_sysroot.tgz`;

describe("what a file of an sstate directory is", () => {
  it.each([
    [PATH, "object"],
    [`universal/${PATH}`, "object"],
    [`${PATH}.siginfo`, "siginfo"],
    [`${PATH}.sig`, "sig"],
    [`${PATH}k3f_9xq1`, "draft"],
    [`${PATH}.aB3dE6gH`, "draft"],
    [`${PATH}.siginfo.tmp`, "draft"],
    ["0b/1f/sigtask.u81kk2lz", "draft"],
    [`0b/1f/tmpk3f_9xq1/${NAME}`, "draft"],
    [`${PATH}.done`, "download"],
    [`${PATH}.lock`, "download"],
    [`aa/${OLD}`, "old-object"],
    [`aa/${OLD}.siginfo`, "old-siginfo"],
    ["README", "other"],
    ["somebody_else.aB3dE6gH", "other"],
  ])("%s: %s", (path, kind) => {
    expect(classifySstateFile(path).kind).toBe(kind);
  });
});

describe("where BitBake looks for an object", () => {
  it.each([
    ["0b/1f", { distribution: "", levels: 2 }],
    ["universal/0b/1f", { distribution: "universal", levels: 2 }],
    ["0b", { distribution: "", levels: 1 }],
    ["universal/0b", { distribution: "universal", levels: 1 }],
    ["", undefined],
    ["0b/1e", undefined],
    ["1f", undefined],
    ["x0b/1f", undefined],
    ["x0b", undefined],
  ])("%j: %o", (folder, place) => {
    expect(findObjectPlace(folder, DEPID)).toEqual(place);
  });
});
