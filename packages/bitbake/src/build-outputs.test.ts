import { describe, expect, it } from "vitest";
import { findOutputName, outputRows, parseMetadataRevs } from "./build-outputs.ts";

const REVISION = "0123456789".repeat(4);

describe("metadata-revs of buildhistory", () => {
  it.each([
    [`meta              = master:${REVISION}`, [{ layer: "meta", revision: REVISION, isModified: false }]],
    [
      `meta-poky         = a=b:c:${REVISION} -- modified`,
      [{ layer: "meta-poky", revision: REVISION, isModified: true }],
    ],
    ["meta-copy         = <unknown>:<unknown>", []],
    ["", []],
  ])("%j", (line, expected) => {
    expect(parseMetadataRevs([line], "metadata-revs")).toEqual(expected);
  });

  it("that make no sense are an error naming source and line", () => {
    expect(() => parseMetadataRevs(["", "meta master"], "metadata-revs")).toThrow(
      "metadata-revs:2: expected LAYER = BRANCH:REVISION, found",
    );
  });
});

describe("a file of buildhistory", () => {
  it.each([
    ["task/output/zlib-native.populate_sysroot", { pn: "zlib-native", task: "do_populate_sysroot", restored: false }],
    ["task/output/lib1.2.package_setscene", { pn: "lib1.2", task: "do_package", restored: true }],
    ["task/tasksigs.txt", undefined],
    ["packages/x/task/output/a.b", undefined],
  ])("%s is the output of %j", (path, expected) => {
    expect(findOutputName(path)).toEqual(expected);
  });
});

describe("outputs of build after build", () => {
  const taskhashes = (hash: string) => new Map([["a:do_package", hash]]);
  const build = (commit: string, output: string | null, hash: string | undefined) => ({
    commit,
    revisions: [],
    taskhashes: hash === undefined ? undefined : taskhashes(hash),
    written: [{ pn: "a", task: "do_package", restored: false, output }],
  });

  it("are told by what changed, with whether the taskhash did", () => {
    const rows = [
      ...outputRows([
        build("0", "x", "1"),
        build("1", "y", "1"),
        build("2", "z", "2"),
        build("3", "w", undefined),
        build("4", null, "2"),
      ]),
    ];
    expect(rows.map(({ build: at, change, output, newTaskhash }) => [at, change, output, newTaskhash])).toEqual([
      [0, "new", "x", null],
      [1, "changed", "y", false],
      [2, "changed", "z", true],
      [3, "changed", "w", null],
      [4, "gone", "w", null],
    ]);
  });
});
