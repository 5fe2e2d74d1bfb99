import type { SstateFile } from "@depid/bitbake";
import { classifySstateFile } from "@depid/sstate";
import { describe, expect, it } from "vitest";
import { SstateSurveyor } from "./index.ts";

const DEPID = `0b1f${"a".repeat(60)}`;
const NAME = `sstate:zlib:x86_64-linux:1.3:r0:x86_64:14:${DEPID}_populate_sysroot.tar.zst`;
const PATH = `0b/1f/${NAME}`;
const DAY = 24 * 60 * 60 * 1000;
const NOW = 100 * DAY;

const file = (path: string, more: Partial<SstateFile> = {}): SstateFile => {
  const { kind, found } = classifySstateFile(path);
  const name = found === undefined ? {} : { name: found.name };
  return { path, kind, ...name, bytes: 100, readable: true, modified: NOW, ...more };
};

describe("a survey of sstate files", () => {
  it.each([
    ["an object that is as it should be", file(PATH), {}],
    ["an object in the folder of a distribution", file(`universal/${PATH}`), {}],
    ["an object without content", file(PATH, { bytes: 0 }), { empty: 1 }],
    ["a siginfo without content", file(`${PATH}.siginfo`, { bytes: 0 }), {}],
    ["an object that we may not read", file(PATH, { readable: false }), { unreadable: 1 }],
    ["a siginfo that we may not read", file(`${PATH}.siginfo`, { readable: false }), { unreadable: 1 }],
    ["a link to nowhere", file(PATH, { bytes: undefined, readable: false }), { brokenLinks: 1 }],
    ["a file in the making, left a day ago", file(`${PATH}k3f_9xq1`, { modified: NOW - DAY - 1 }), { leftDrafts: 1 }],
    ["a file in the making, of now", file(`${PATH}k3f_9xq1`, { modified: NOW - DAY }), {}],
    ["an object of an older version", file(PATH.replace(":14:", ":11:")), { oldVersions: 1 }],
    ["an object in the folder of another depid", file(PATH.replace("0b/1f", "0b/1e")), { misplaced: 1 }],
    ["an object at the top", file(NAME), { misplaced: 1 }],
    ["a file of somebody else", file("README", { bytes: 0, readable: false }), {}],
  ])("%s", (_what, one, expected) => {
    const survey = new SstateSurveyor({ limit: 5, now: NOW });
    survey.add(one);
    expect(countsOf(survey)).toEqual(expected);
  });
  it("counts all and keeps as many examples as asked for", () => {
    const survey = new SstateSurveyor({ limit: 2, now: NOW });
    for (let at = 0; at < 5; at += 1) survey.add(file(`${PATH}`, { bytes: 0 }));
    expect(survey.empty.count).toBe(5);
    expect(survey.empty.examples).toEqual([{ path: PATH }, { path: PATH }]);
    expect([survey.objects, survey.siginfos, survey.bytes]).toEqual([5, 0, 0]);
  });
  it("folders that we may not look into, and siginfo that makes no sense, are counted too", () => {
    const survey = new SstateSurveyor({ limit: 2, now: NOW });
    survey.addUnreadableFolder("0b/1f");
    survey.addDamagedSiginfo(`${PATH}.siginfo`, "truncated");
    expect(countsOf(survey)).toEqual({ unreadableFolders: 1, damagedSiginfos: 1 });
  });
});

/** The sightings that are not empty. */
function countsOf(survey: SstateSurveyor): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(survey)
      .filter(([, value]) => typeof value === "object" && value !== null && "count" in value && value.count > 0)
      .map(([name, value]) => [name, (value as { count: number }).count]),
  );
}
