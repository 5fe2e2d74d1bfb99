import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  computeOutHash,
  createMemoryTree,
  findOutHashMethod,
  type MemoryObject,
  type OutHashSettings,
  OutHashSettingsError,
  OutputReadError,
  type OutputTree,
  outHash2018,
  outHashBasic,
  outHashMethods,
  parseFileMaps,
  parseOutHashMethod,
  pkgSpecOfAnyVersion,
  UndecodableNameError,
  UnknownOwnerError,
} from "./index.ts";

const PKG = "sstate:a:x86:1.0:r0:x86:14:";
const settings: OutHashSettings = { pkgSpec: PKG, task: "do_deploy", underPseudo: false };

const treeOf = (...objects: MemoryObject[]) => createMemoryTree("/out", objects);
const file = (path: string, more: Partial<MemoryObject> = {}) =>
  ({ path, type: "file", content: "x", ...more }) as MemoryObject;
const link = (path: string, target: string): MemoryObject => ({ path, type: "symlink", target });

/** The lines behind the header, without columns that are blank. */
async function linesOf(tree: OutputTree, more: Partial<OutHashSettings> = {}): Promise<readonly string[]> {
  const { text } = await computeOutHash(tree, outHashBasic, { ...settings, ...more });
  const lines = text.split("\n").slice(3, -1);
  return lines.map((line) => line.replace(/\b[0-9a-f]{64}\b/, "<digest>").replace(/ +/g, " "));
}

describe("OEOuthashBasic", () => {
  it("a directory, its files, its links to directories, then each subdirectory with all below it", async () => {
    const tree = treeOf(
      file("b/f"),
      file("a.txt"),
      file("a/z"),
      link("l", "b"),
      link("k", "a.txt"),
      link("a/up", ".."),
    );
    expect(await linesOf(tree)).toMatchInlineSnapshot(`
      [
        "drwx .",
        "-rw- 1 <digest> ./a.txt",
        "lrwx ./k -> a.txt",
        "lrwx ./l -> b",
        "drwx ./a",
        "-rw- 1 <digest> ./a/z",
        "lrwx ./a/up -> ..",
        "drwx ./b",
        "-rw- 1 <digest> ./b/f",
      ]
    `);
  });
  it("the order in which a tree is listed does not count", async () => {
    const names = ["a", "a.d/x", "b", "é", "\uFF5E", "\u{1F600}", "a.d/l", "z/y/x", "fixmepath", "Z"];
    const tree = treeOf(...names.map((name) => file(name)), link("k", "a.d"));
    const entries = await tree.entries();
    const { text } = await computeOutHash(tree, outHashBasic, settings);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...entries], { minLength: entries.length }), async (shuffled) => {
        const listed: OutputTree = { ...tree, entries: async () => shuffled };
        expect((await computeOutHash(listed, outHashBasic, settings)).text).toBe(text);
      }),
    );
  });
  it("a link to a directory which is called fixmepath counts, a file or link to a file does not", async () => {
    const tree = treeOf(link("fixmepath", "d"), file("d/fixmepath"), link("d/d/fixmepath", "../fixmepath"));
    expect(await linesOf(tree)).toEqual(["drwx .", "lrwx ./fixmepath -> d", "drwx ./d", "drwx ./d/d"]);
  });
  it("times are whole seconds, cut towards zero, and none is later than SOURCE_DATE_EPOCH", async () => {
    const at = (path: string, mtime: number) => file(path, { mtime });
    const tree = treeOf(at("a", 99.9), at("b", 100), at("c", 100.1), at("d", -0.5), at("e", -1.5));
    expect(await linesOf(tree, { task: "package", sourceDateEpoch: 100 })).toEqual([
      "-rw- 99 1 <digest> ./a",
      "-rw- 100 1 <digest> ./b",
      "-rw- 100 1 <digest> ./c",
      "-rw- 0 1 <digest> ./d",
      "-rw- -1 1 <digest> ./e",
    ]);
  });
  it("the task package needs SOURCE_DATE_EPOCH", async () => {
    await expect(linesOf(treeOf(), { task: "do_package" })).rejects.toThrow(OutHashSettingsError);
  });
  it("an id without a name is an error where owners count, and nowhere else", async () => {
    const tree = treeOf(file("a", { group: 1234 }));
    expect(await linesOf(tree)).toEqual(["drwx .", "-rw- 1 <digest> ./a"]);
    expect(await linesOf(tree, { underPseudo: true, task: "package_qa" })).toHaveLength(2);
    await expect(linesOf(tree, { underPseudo: true })).rejects.toThrow(UnknownOwnerError);
    await expect(linesOf(tree, { underPseudo: true })).rejects.toThrow(/^\.\/a: group 1234 has no name/);
  });
  it("an object longer than its field makes the line longer", async () => {
    const tree = treeOf({ path: "d", type: "char", major: 12345, minor: 678901, owner: "a-very-long-name" });
    expect((await computeOutHash(tree, outHashBasic, { ...settings, underPseudo: true })).text).toContain(
      `\ncrw-r--r-- a-very-long-name       root 12345.678901 ${" ".repeat(75)} ./d\n`,
    );
  });
  it("a name or link target that is not UTF-8 is an error, unless it is not counted", async () => {
    await expect(linesOf(treeOf(file("d/b\udcffd")))).rejects.toThrow(UndecodableNameError);
    await expect(linesOf(treeOf(file("d/b\udcffd")))).rejects.toThrow(
      './d/b\\xffd: expected a name in UTF-8, found "b\\xffd"',
    );
    await expect(linesOf(treeOf(link("l", "\udcff")))).rejects.toThrow(/^\.\/l: expected a link target in UTF-8/);
    expect(await linesOf(treeOf(link("fixmepath", "\udcff")))).toEqual(["drwx ."]);
  });
  it("the manifest tells which files a map matched, and no content is read twice", async () => {
    const tree = treeOf(file("a", { content: "x /out/y" } as Partial<MemoryObject>), file("b"));
    const reads: string[] = [];
    const counting: OutputTree = {
      ...tree,
      read: (path) => {
        reads.push(`read ${path}`);
        return tree.read(path);
      },
      digest: (path, algorithm) => {
        reads.push(`digest ${path}`);
        return tree.digest(path, algorithm);
      },
    };
    const fileMaps = parseFileMaps("deploy:./a:x package:./b:x");
    const { manifest } = await computeOutHash(counting, outHashBasic, { ...settings, fileMaps });
    expect(manifest.entries.map((entry) => [entry.path, "isMapped" in entry && entry.isMapped])).toEqual([
      [".", false],
      ["./a", true],
      ["./b", false],
    ]);
    expect(reads).toEqual(["read ./a", "digest ./b"]);
  });
  it.each([
    ["a file in the tree", "d/f", false],
    ["a directory, through another link", "two/../three", true],
    ["itself", "l", false],
    ["an absolute path in the tree", "/out/d", true],
    ["an absolute path elsewhere", "/usr", false],
    ["the directory above the tree", "..", true],
    ["the tree by its name from above", "../out/d", true],
    ["nothing", "d/nothing", false],
    ["a file as if it were a directory", "d/f/..", false],
  ])("a link to %s is placed as what it leads to", async (_what, target, toDirectory) => {
    const tree = treeOf(link("l", target), file("d/f"), link("two", "d/e"), file("d/e/x"), link("d/three", "e/."));
    const found = (await tree.entries()).find((entry) => entry.path === "./l");
    expect(found).toMatchObject({ target, toDirectory });
  });
});

describe("the output hash of the RFC of 2018", () => {
  const textOf = async (tree: OutputTree) => (await computeOutHash(tree, outHash2018, settings)).text;
  it("does not see directories, so an empty one makes no difference", async () => {
    expect(await textOf(treeOf({ path: "empty", type: "dir" }))).toBe(await textOf(treeOf()));
  });
  it("a character device counts like a block device", async () => {
    const tree = treeOf({ path: "c", type: "char", mode: 0o600, major: 5, minor: 1 });
    expect(await textOf(tree)).toContain("./c\n\tmode=0x180\n\ttype=0x2000\n\tdev=5,1\n");
  });
  it.each(["fifo", "socket"] as const)("a %s is refused", async (type) => {
    await expect(textOf(treeOf({ path: "d/p", type }))).rejects.toThrow(OutputReadError);
    await expect(textOf(treeOf({ path: "d/p", type }))).rejects.toThrow(`./d/p: expected no ${type}`);
  });
  it("is SHA-1", async () => {
    expect((await computeOutHash(treeOf(), outHash2018, settings)).outhash).toHaveLength(40);
  });
});

describe("methods", () => {
  it("are found by the name a server keeps them under", () => {
    expect(outHashMethods.map(({ name }) => name)).toEqual(["oe.sstatesig.OEOuthashBasic", "OEOuthashBasic-2018"]);
    expect(findOutHashMethod("OEOuthashBasic-2018")).toBe(outHash2018);
    expect(findOutHashMethod("oe.sstatesig.Other")).toBeUndefined();
  });
});

describe("a method that sees less", () => {
  const hashOf = async (method: string, tree: OutputTree, pkgSpec = PKG) =>
    (await computeOutHash(tree, parseOutHashMethod(method), { ...settings, pkgSpec })).outhash;
  const lib = (code: string, header: string) =>
    treeOf(file("usr/lib/a.so", { content: code }), file("usr/include/a.h", { content: header }));
  const NEXT = "sstate:a:x86:1.1:r2:x86:14:";

  it("with any-version: equal files of two versions are one output, other files are not", async () => {
    expect(pkgSpecOfAnyVersion(NEXT)).toBe(pkgSpecOfAnyVersion(PKG));
    expect(await hashOf("basic+any-version", lib("1", "h"), NEXT)).toBe(
      await hashOf("basic+any-version", lib("1", "h")),
    );
    expect(await hashOf("basic+any-version", lib("2", "h"))).not.toBe(await hashOf("basic+any-version", lib("1", "h")));
    expect(await hashOf("basic", lib("1", "h"), NEXT)).not.toBe(await hashOf("basic", lib("1", "h")));
    expect(await hashOf("basic+any-version", lib("1", "h"), "sstate:b:x86:1.0:r0:x86:14:")).not.toBe(
      await hashOf("basic+any-version", lib("1", "h")),
    );
  });

  it("with files: what others hold, and that others are there, is not seen", async () => {
    const method = "basic+files=*.h,./bin/*";
    const known = await hashOf(method, lib("1", "h"));
    expect(await hashOf(method, lib("2", "h"))).toBe(known);
    expect(await hashOf(method, treeOf(file("usr/include/a.h", { content: "h" }), file("doc/x")))).toBe(known);
    expect(await hashOf(method, lib("1", "h2"))).not.toBe(known);
    expect(
      await hashOf(method, treeOf(...["usr/include/a.h", "bin/x"].map((it) => file(it, { content: "h" })))),
    ).not.toBe(known);
  });

  it("with both, and by the method of 2018", async () => {
    const method = "2018+files=*.h+any-version";
    expect(parseOutHashMethod(method).name).toBe("OEOuthashBasic-2018+files=*.h+any-version");
    expect(await hashOf(method, lib("2", "h"), NEXT)).toBe(await hashOf(method, lib("1", "h")));
  });

  it.each(["", "abi", "basic+", "basic+abi", "basic+files=", "basic+files=a,,b"])(
    "is none that is called %j",
    (name) => {
      expect(() => parseOutHashMethod(name)).toThrow(OutHashSettingsError);
    },
  );
});
