// biome-ignore-all lint/suspicious/noTemplateCurlyInString: BitBake writes expansions so
import { describe, expect, it } from "vitest";
import { compareCaptures } from "./compare.ts";
import { type CapturedSketch, sketchCapture } from "./testing/index.ts";

/** The class of the only cause of a change of one task. */
function classOf(before: CapturedSketch, after: CapturedSketch) {
  const { causes } = compareCaptures(sketchCapture({ "r:do_q": before }), sketchCapture({ "r:do_q": after }));
  expect(causes.length).toBe(1);
  const { name, sure, suggests } = causes[0]?.class ?? {};
  return [name, sure, suggests];
}

/** What became of one variable. */
function classOfVariable(name: string, before: string, after: string, extra: Record<string, string> = {}) {
  const sketch = (text: string) => ({ variables: { do_q: "\tq\n", [name]: text, ...extra } });
  return classOf(sketch(before), sketch(after));
}

describe("what kind of change it seems to be", () => {
  it.each<[string, string, string, string, unknown[]]>([
    [
      "a comment in a shell function",
      "do_q",
      "\tq ${D}\n",
      "\t# why\n\tq ${D}\n",
      ["comment or white space", "likely", "neutral"],
    ],
    [
      "a comment in a def",
      "f",
      "def f(d):\n    g(d)\n",
      "def f(d):\n    g(d) # x\n",
      ["comment or white space", "likely", "neutral"],
    ],
    [
      "a comment in a script that packages carry",
      "pkg_postinst:r",
      "\tq ${D}\n",
      "\tq ${D} # x\n",
      ["comment or white space", "likely", "contained"],
    ],
    ["code of a function", "f", "\tq ${D}\n", "\tq ${D} x\n", ["function code", "unsure", "propagating"]],
    [
      "what looks like a comment in a here-document",
      "f",
      "\tcat >$D <<E\n# a\nE\n",
      "\tcat >$D <<E\n# b\nE\n",
      ["function code", "unsure", "propagating"],
    ],
    ["# in a variable that is no function", "V", "a # b", "a # c", ["other metadata", "unsure", undefined]],
    ["white space in a variable", "DEPENDS", "a  b", "a b ", ["comment or white space", "unsure", "neutral"]],
    ["a summary", "SUMMARY:${PN}-doc", "a", "b", ["package text", "likely", "contained"]],
    ["a license", "LICENSE", "MIT", "MIT & ISC", ["package text", "likely", "contained"]],
    ["a version", "PV", "1", "2", ["version upgrade", "likely", "propagating"]],
    ["a commit", "SRCREV_machine", "1", "2", ["version upgrade", "likely", "propagating"]],
    ["a checksum of a source", "SRC_URI[sha256sum]", "1", "2", ["checksum only", "unsure", "propagating"]],
    ["sources", "SRC_URI", "a", "a b", ["sources", "likely", "propagating"]],
    ["dependencies of the build", "DEPENDS:append", "a", "a b", ["dependency list", "unsure", "propagating"]],
    ["dependencies of a package", "RDEPENDS:${PN}", "a", "a b", ["dependency list", "likely", "contained"]],
    ["a feature of a recipe", "PACKAGECONFIG[x]", "a", "b", ["dependency list", "unsure", "propagating"]],
    ["options of configure", "EXTRA_OECONF", "--a", "--b", ["compiler flags", "likely", "propagating"]],
    ["flags of the compiler", "TARGET_CFLAGS", "-O1", "-O2", ["compiler flags", "likely", "propagating"]],
    ["the machine", "MACHINE_FEATURES", "a", "b", ["configuration", "unsure", "propagating"]],
    ["a log message", "f", '\tbbnote "a"\n\tq\n', '\tbbnote "b"\n\tq\n', ["log messages", "likely", "neutral"]],
    ["a list in another order", "DEPENDS", "a b", "b a", ["reordered list", "likely", "neutral"]],
    ["sources in another order", "SRC_URI", "a b", "b a", ["sources", "likely", "propagating"]],
    ["anything else", "FOO", "a", "b", ["other metadata", "unsure", undefined]],
  ])("%s", (_what, name, before, after, expected) => {
    expect(classOfVariable(name, before, after)).toEqual(expected);
  });

  it.each<[string, CapturedSketch, CapturedSketch, unknown[]]>([
    [
      "a patch under the same name",
      { files: [["a.patch", "1"]] },
      { files: [["a.patch", "2"]] },
      ["patch refreshed", "unsure", "neutral"],
    ],
    ["a patch more", {}, { files: [["a.patch", "2"]] }, ["sources", "likely", "propagating"]],
    [
      "a file under the same name",
      { files: [["defconfig", "1"]] },
      { files: [["defconfig", "2"]] },
      ["checksum only", "unsure", "propagating"],
    ],
    ["a taint", {}, { taint: "x" }, ["taint", "likely", "neutral"]],
    ["a hash dependency", {}, { deps: ["x:do_y"] }, ["dependency list", "unsure", "propagating"]],
    ["metadata that is not recorded", {}, { basehash: "1".repeat(64) as never }, ["unknown", "unsure", undefined]],
    [
      "metadata that is not recorded, of another version",
      {},
      { basehash: "1".repeat(64) as never, version: ":2.0-r0" },
      ["version upgrade", "likely", "propagating"],
    ],
    [
      "of several kinds the one that reaches farthest",
      { files: [["a.patch", "1"]] },
      { files: [["a.patch", "2"]], deps: ["x:do_y"] },
      ["several kinds", "unsure", "propagating"],
    ],
  ])("%s", (_what, before, after, expected) => {
    expect(classOf(before, after)).toEqual(expected);
  });

  it("a one-line function is known by its flag, if that is recorded", () => {
    expect(classOfVariable("f", "q ${D}", "q ${D} # x", { "f[func]": "1" })[0]).toBe("comment or white space");
    expect(classOfVariable("f", "q ${D}", "q ${D} # x")[0]).toBe("other metadata");
  });
});
