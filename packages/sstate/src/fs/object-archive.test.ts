import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { computeOutHash, outHashBasic } from "../index.ts";
import { createDirectoryTree } from "./directory-tree.ts";
import { packObject, unpackObject } from "./object-archive.ts";

let folder: string;
const at = (...path: string[]) => join(folder, ...path);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-object-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function textOf(path: string): Promise<string> {
  const settings = { pkgSpec: "", task: "populate_sysroot", underPseudo: false };
  return (await computeOutHash(createDirectoryTree(path), outHashBasic, settings)).text;
}

describe("an sstate object", () => {
  it("has the output hash of what was packed: files, modes, empty folders, links wherever they lead, names in any letters", async () => {
    await mkdir(at("out/usr/bin"), { recursive: true });
    await mkdir(at("out/empty"), { mode: 0o700 });
    await writeFile(at("out/usr/bin/tool"), "#!/bin/sh\n", { mode: 0o755 });
    await writeFile(at("out/usr/grüße"), "x".repeat(100_000));
    await writeFile(at("out/read-only"), "", { mode: 0o444 });
    await chmod(at("out/usr/bin/tool"), 0o4711);
    await symlink("/usr/lib", at("out/absolute"));
    await symlink("../../elsewhere", at("out/usr/up"));
    await symlink("bin", at("out/usr/sbin"));
    await symlink("nowhere", at("out/dangling"));
    const object = at("sstate/ab/cd/sstate:x.tar.zst");
    await packObject(at("out"), object);
    await unpackObject(object, at("again"));
    expect(await textOf(at("again"))).toBe(await textOf(at("out")));
    expect(await readdir(at("sstate/ab/cd"))).toEqual(["sstate:x.tar.zst"]);
  });

  it("is zstd", async () => {
    await mkdir(at("out"));
    await packObject(at("out"), at("x.tar.zst"));
    expect((await readFile(at("x.tar.zst"))).subarray(0, 4).toString("hex")).toBe("28b52ffd");
  });

  it.skipIf(!hasTools())("is what tar and zstd of a system read, too", async () => {
    await mkdir(at("out"));
    await writeFile(at("out/a"), "hello\n");
    await packObject(at("out"), at("x.tar.zst"));
    const list = execFileSync("sh", ["-c", 'zstd -dc "$1" | tar -xOf - ./a', "sh", at("x.tar.zst")]);
    expect(list.toString()).toBe("hello\n");
  });

  it("that is broken, or is not there, is told by its file", async () => {
    await writeFile(at("broken.tar.zst"), "no archive");
    await expect(unpackObject(at("broken.tar.zst"), at("out"))).rejects.toThrow(
      /broken\.tar\.zst: cannot be unpacked: /,
    );
    await expect(unpackObject(at("none.tar.zst"), at("out"))).rejects.toThrow(
      /none\.tar\.zst: cannot be unpacked: ENOENT/,
    );
    await expect(packObject(at("none"), at("x.tar.zst"))).rejects.toThrow(/x\.tar\.zst: cannot be written: /);
    expect(await readdir(folder)).not.toContain("x.tar.zst");
  });
});

function hasTools(): boolean {
  try {
    execFileSync("sh", ["-c", "command -v zstd && command -v tar"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
