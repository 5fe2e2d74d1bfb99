import { describe, expect, it } from "vitest";
import { diffOutHashTexts } from "./outhash-diff.ts";

const [A, B] = ["a".repeat(64), "b".repeat(64)];
const head = "OEOuthashBasic\n18\nSSTATE_PKGSPEC=sstate:m4:\ntask=populate_sysroot\n";
const file = (path: string, { mode = "-rwx", size = "10", digest = A } = {}) =>
  `${mode} ${" ".repeat(9)} ${size.padStart(10)} ${digest.padStart(64)} ${path}\n`;

describe("texts of two output hashes", () => {
  it.each([
    ["the content of a file", file("./a b"), file("./a b", { digest: B }), [["./a b", ["hash"]]]],
    ["content and size", file("./a"), file("./a", { digest: B, size: "11" }), [["./a", ["size", "hash"]]]],
    ["a mode", file("./a"), file("./a", { mode: "-rw-" }), [["./a", ["mode"]]]],
    ["a file more", file("./a"), file("./a") + file("./b"), [["./b", ["added"]]]],
    ["a file less", file("./a") + file("./b"), file("./b"), [["./a", ["removed"]]]],
    [
      "where a link leads",
      `lrwx ${" ".repeat(86)} ./l -> a\n`,
      `lrwx ${" ".repeat(86)} ./l -> b\n`,
      [["./l", ["target"]]],
    ],
    [
      "owner and time",
      `-rwxr-xr-x       root       root 1700000000           10 ${A} ./a\n`,
      `-rwxr-xr-x       root      users 1700000001           10 ${A} ./a\n`,
      [["./a", ["owner", "time"]]],
    ],
    ["nothing", file("./a"), file("./a"), []],
  ])("differ in %s", (_, before, after, expected) => {
    expect(diffOutHashTexts(head + before, head + after).map(({ path, what }) => [path, what])).toEqual(expected);
  });

  it("differ in what is no file: the version of the hash, SSTATE_PKGSPEC", () => {
    const other = head.replace("18", "19").replace("m4:", "m5:");
    expect(diffOutHashTexts(head, other).map(({ path, what }) => [path, what])).toEqual([
      ["19", ["setting"]],
      ["SSTATE_PKGSPEC", ["setting"]],
    ]);
  });

  it("of settings pairs those of one name, though a line came between", () => {
    const head = (lines: string) => `OEOuthashBasic\n18\n${lines}task=package\n`;
    expect(diffOutHashTexts(head("SSTATE_PKGSPEC=a\n"), head("extra\nSSTATE_PKGSPEC=b\n"))).toMatchObject([
      { path: "SSTATE_PKGSPEC", before: "SSTATE_PKGSPEC=a", after: "SSTATE_PKGSPEC=b" },
      { path: "extra", before: undefined, after: "extra" },
    ]);
  });

  it("of a file with an arrow in its name has the whole name", () => {
    const line = `-rw-   4 ${"a".repeat(64)} ./name with -> arrow`;
    expect(diffOutHashTexts("", line)).toMatchObject([{ path: "./name with -> arrow", what: ["added"] }]);
  });
});
