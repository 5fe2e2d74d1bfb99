import { describe, expect, it } from "vitest";
import { createConfLookup, parseBuildConf } from "./build-conf.ts";

const lookup = (...files: string[]) =>
  createConfLookup(
    files.map((text, at) => parseBuildConf(text, `conf/${at}.conf`)),
    new Map([["TOPDIR", "/build"]]),
    new Map([["TMPDIR", `\${TOPDIR}/tmp`]]),
  );

describe("settings of configuration files", () => {
  it.each([
    ["a plain assignment", ['A = "1"'], "1"],
    ["single quotes", ["A = '1'"], "1"],
    ["the last assignment counts", ['A = "1"\nA = "2"'], "2"],
    ["a later file counts", ['A = "1"', 'A = "2"'], "2"],
    ["?= leaves what is set", ['A = "1"\nA ?= "2"'], "1"],
    ["?= sets what is not", ['A ?= "2"'], "2"],
    ["of two ?= the first counts", ['A ?= "1"\nA ?= "2"'], "1"],
    ["??= gives way to all others, wherever they stand", ['A ??= "1"\nA ?= "2"'], "2"],
    ["of two ??= the last counts", ['A ??= "1"\nA ??= "2"'], "2"],
    ["+= and =+ put a blank between", ['A = "b"\nA += "c"\nA =+ "a"'], "a b c"],
    [".= and =. do not", ['A = "b"\nA .= "c"\nA =. "a"'], "abc"],
    ["lines go on after a backslash", ['A = "1 \\\n2"'], "1 2"],
    ["comments are none", ['# A = "1"\nA = "2"'], "2"],
    ["export changes nothing", ['export A = "1"'], "1"],
    ["references are followed", [`B = "\${TMPDIR}/x"\nA = "\${B}/y"`], "/build/tmp/x/y"],
    ["a variable of a longer name is another", ['AA = "1"'], ""],
    ["an empty value is a value", ['A = "1"\nA = ""'], ""],
    ["CRLF ends a line too", ['A = "1"\r\nB = "2"\r\n'], "1"],
  ])("%s", (_what, files, expected) => {
    expect(lookup(...files)("A").value).toBe(expected);
  });
  it("a value that hangs on something else is not known, and says on what", () => {
    expect(lookup(`A = "\${HOME}/x"`)("A")).toEqual({
      value: undefined,
      from: "conf/0.conf:1",
      doubts: [
        `A = "\${HOME}/x" (conf/0.conf:1): \${HOME} is not set in the files that were read; see bitbake-getvar --value A`,
      ],
    });
    expect(lookup(`A = "\${@1}"`)("A").value).toBeUndefined();
    expect(lookup(`A = "\${A}"`)("A").value).toBeUndefined();
  });
  it("overrides and appends are not followed, and that is said", () => {
    const { value, doubts } = lookup('A = "1"\nA:append = " 2"\nA[doc] = "text"')("A");
    expect(value).toBe("1");
    expect(doubts).toEqual(['conf/0.conf:2: "A:append = " 2"" was not followed; see bitbake-getvar --value A']);
  });
  it("where a value comes from is the file and line, or the default", () => {
    expect(lookup('\nA = "1"')("A").from).toBe("conf/0.conf:2");
    expect(lookup("")("TMPDIR")).toEqual({ value: "/build/tmp", from: "default", doubts: [] });
  });
  it("included files are named", () => {
    expect(parseBuildConf("require conf/site-common.inc\n", "conf/local.conf").includes).toEqual([
      { file: "conf/site-common.inc", from: "conf/local.conf:1" },
    ]);
  });
});
