import { execFileSync } from "node:child_process";
import { appendFile, chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { computeOutHash, createMemoryTree, type MemoryObject, parseOutHashMethod } from "../index.ts";
import { createDirectoryTree } from "./directory-tree.ts";
import { createInterfaceTree } from "./interface-tree.ts";

const method = parseOutHashMethod("basic+interface");
const settings = { pkgSpec: "", task: "populate_sysroot", underPseudo: false };

/** Symbols as the content of a sketched library lists them behind "ELF". */
const listIn = (objects: readonly MemoryObject[]) => async (file: string) => {
  const found = objects.find((it) => file.endsWith(`/${it.path}`));
  const content = found?.type === "file" ? String(found.content) : "";
  return content.startsWith("ELF") ? content.split("|")[1] : undefined;
};
const file = (path: string, content: string): MemoryObject => ({ path, type: "file", content });
const OUTPUT = [
  file("usr/include/z.h", "int z(void);"),
  file("usr/lib/libz.so.1.3", "ELF code|z T\n"),
  file("usr/lib/libc.so", "GROUP ( libc.so.6 )"),
  { path: "usr/lib/libz.so", type: "symlink", target: "libz.so.1.3" } as const,
  file("usr/bin/tool", "one"),
  file("usr/share/doc/z.txt", "one"),
];

/** Whether the method takes an output for equal that has other files in place of these. */
async function isEqual(...changed: readonly MemoryObject[]): Promise<boolean> {
  const hashOf = async (objects: readonly MemoryObject[]) =>
    (await computeOutHash(createInterfaceTree(createMemoryTree("/x", objects), listIn(objects)), method, settings))
      .outhash;
  const paths = changed.map((it) => it.path);
  return (await hashOf(OUTPUT)) === (await hashOf([...OUTPUT.filter((it) => !paths.includes(it.path)), ...changed]));
}

describe("an output hash of interfaces", () => {
  it.each<[string, MemoryObject]>([
    ["a library does something else", file("usr/lib/libz.so.1.3", "ELF other and longer code|z T\n")],
    ["a program is another one", file("usr/bin/tool", "two")],
    ["a text is another one", file("usr/share/doc/z.txt", "two")],
  ])("is the same where %s", async (_what, change) => {
    expect(await isEqual(change)).toBe(true);
  });

  it.each<[string, MemoryObject]>([
    ["a library exports another symbol", file("usr/lib/libz.so.1.3", "ELF code|z T\nzz T\n")],
    ["a header is another one", file("usr/include/z.h", "int z(int);")],
    ["a header without an ending is new", file("usr/include/new", "")],
    ["a link to a library leads elsewhere", { path: "usr/lib/libz.so", type: "symlink", target: "libz.so.2" }],
    ["a script of a linker is another one", file("usr/lib/libc.so", "GROUP ( libc.so.7 )")],
    ["a library is in place of another one", file("usr/lib/libz.so.1.4", "ELF code|z T\n")],
  ])("is another one where %s", async (_what, change) => {
    expect(await isEqual(change)).toBe(false);
  });
});

const library = sharedLibrary();

describe.skipIf(library === undefined)("a real library", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "depid-interface-"));
    await mkdir(join(folder, "lib"));
    await copyFile(library as string, join(folder, "lib/libreal.so.1"));
    await chmod(join(folder, "lib/libreal.so.1"), 0o644);
    await symlink("libreal.so.1", join(folder, "lib/libreal.so"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const read = () => computeOutHash(createInterfaceTree(createDirectoryTree(folder)), method, settings);

  it("is told by the symbols that nm lists, so that other bytes behind them are no other output", async () => {
    const before = await read();
    const symbols = await createInterfaceTree(createDirectoryTree(folder));
    await symbols.entries();
    const text = new TextDecoder().decode(await symbols.read("./lib/libreal.so.1"));
    expect(text).toMatch(/^\S+ [A-Za-z]$/m);
    expect(text).not.toMatch(/ [0-9a-f]{8,}/);
    await appendFile(join(folder, "lib/libreal.so.1"), "padding");
    expect((await read()).outhash).toBe(before.outhash);
  });

  it("that is none is told by its bytes", async () => {
    const before = await read();
    await writeFile(join(folder, "lib/libreal.so.1"), "no library");
    expect((await read()).outhash).not.toBe(before.outhash);
    expect(await readFile(join(folder, "lib/libreal.so"), "utf8")).toBe("no library");
  });
});

/** A shared library of this system that nm can read; `undefined` if there is none. */
function sharedLibrary(): string | undefined {
  try {
    const maps = execFileSync("cat", ["/proc/self/maps"]).toString();
    const found = /\/\S+\.so(\.\d+)*$/m.exec(maps)?.[0];
    if (found === undefined || execFileSync("nm", ["-D", "--defined-only", found]).length === 0) return undefined;
    return found;
  } catch {
    return undefined;
  }
}
