import { NEWEST_RELEASE, rulesOfRelease } from "@depid/runqueue";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { releaseOf, withReleaseFlag } from "./release-flag.ts";

const parse = (...args: string[]) =>
  withReleaseFlag(new Command().exitOverride().configureOutput({ writeErr: () => {} }))
    .parse(args, { from: "user" })
    .opts();

describe("the rules of a release of BitBake", () => {
  it.each([
    ["as asked for", ["--release", "2.2"], "meta-depid, bitbake 2.19.0", rulesOfRelease("2.2")],
    ["as the history's recorder says", [], "meta-depid, bitbake 2.6.1", rulesOfRelease("2.6")],
    ["as the tool alone says", [], "bitbake 2.19.0", NEWEST_RELEASE],
    ["not known", [], "something else", undefined],
  ])("%s", (_what, args, tool, rules) => {
    expect(releaseOf(parse(...args), { tool })).toEqual(rules);
  });

  it("are refused for what is no version", () => {
    expect(() => parse("--release", "scarthgap")).toThrow(/expected a version such as 2\.8, found "scarthgap"/);
  });
});
