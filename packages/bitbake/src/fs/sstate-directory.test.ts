import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAll } from "../testing/rows.ts";
import { readSstateDirectory } from "./sstate-directory.ts";

const SYSROOT = "13a7ecbb62034010ea5fca9d8eaf75246610b4966473a743b9e30ea43e645629";
const PATCH = "06d22156759e9a0e59d69f59a0c47ac6eec23948fafd555f899ec2ea35041bf5";
const NATIVE = "f80b94ec22a30236f4453a78d6b79cb54cf143340f52c401bd16ad8d5dea8e97";
const OBJECT = `13/a7/sstate:minilib:x86-64-v3-oe-linux:1.2:r0:x86-64-v3:14:${SYSROOT}_populate_sysroot.tar.zst`;
const ALONE = `06/d2/sstate:minilib::1.2:r0::14:${PATCH}_patch.tar.zst`;
const TOOL = `f8/0b/sstate:minitool-native:x86_64-linux:0.1:r0:x86_64:14:${NATIVE}_populate_sysroot.tar.zst`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "depid-sstate-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, size: number, seconds = 1_795_262_487): Promise<void> {
  await mkdir(join(root, dirname(path)), { recursive: true });
  await writeFile(join(root, path), Buffer.alloc(size));
  await utimes(join(root, path), seconds, seconds);
}

const read = () => readAll(readSstateDirectory(root));

describe("an sstate directory", () => {
  it("has a row per object, with what lies beside it", async () => {
    await put(OBJECT, 230);
    await put(`${OBJECT}.siginfo`, 14953, 1_795_262_490);
    await put(`${OBJECT}.sig`, 566);
    await put(`${ALONE}.siginfo`, 4233);
    await put(`debian-12/${TOOL}`, 34);
    const { rows, leftOut } = await read();
    expect(leftOut).toEqual([]);
    expect(rows.map(({ path }) => path)).toEqual([ALONE, OBJECT, `debian-12/${TOOL}`]);
    expect(rows[0]).toMatchObject({ task: "do_patch", triplet: "", size: null, siginfo: 4233, sig: null });
    expect(rows[1]).toEqual({
      path: OBJECT,
      distribution: "",
      pn: "minilib",
      triplet: "x86-64-v3-oe-linux",
      pv: "1.2",
      pr: "r0",
      pkgarch: "x86-64-v3",
      version: "14",
      depid: SYSROOT,
      task: "do_populate_sysroot",
      shortened: false,
      size: 230,
      siginfo: 14953,
      sig: 566,
      modified: 1_795_262_490,
      link: false,
    });
    expect(rows[2]).toMatchObject({ distribution: "debian-12", depid: NATIVE, size: 34, siginfo: null });
  });

  it("has links into a mirror as objects, and leaves out those that lead nowhere", async () => {
    await put(`mirror/${OBJECT}`, 230);
    await mkdir(join(root, "13/a7"), { recursive: true });
    await symlink(join(root, `mirror/${OBJECT}`), join(root, OBJECT));
    await symlink(join(root, "gone"), join(root, `${OBJECT}.siginfo`));
    const { rows, leftOut } = await read();
    expect(rows[0]).toMatchObject({ path: OBJECT, size: 230, siginfo: null, link: true });
    expect(leftOut).toEqual([{ reason: "a link that leads nowhere", count: 1, examples: [`${OBJECT}.siginfo`] }]);
  });

  it("of older releases has one level of folders", async () => {
    await put(`13/${OBJECT.slice(6)}`, 1);
    expect((await read()).rows).toMatchObject([{ distribution: "", depid: SYSROOT }]);
  });

  it("counts what is no object, by reason", async () => {
    await put(OBJECT, 1);
    await put(`${OBJECT}.done`, 0);
    await put(`${OBJECT}.aB3dE6gH`, 7);
    await put("13/a7/README", 1);
    await put(`aa/bb/${OBJECT.slice(6)}`, 1);
    const { rows, leftOut } = await read();
    expect(rows).toHaveLength(1);
    expect(leftOut.map(({ reason, count }) => [reason, count])).toEqual([
      ["not named as an sstate object", 1],
      ["left unfinished by a build", 1],
      ["left by a download (.done, .lock)", 1],
      ["not in the folder of its hash, where BitBake looks", 1],
    ]);
  });

  it("is not left by links to directories, nor held up by circles, pipes and names of any bytes", async () => {
    await put(OBJECT, 1);
    await symlink(root, join(root, "circle"));
    await symlink("/", join(root, "out"));
    await symlink("self", join(root, "self"));
    execFileSync("mkfifo", [join(root, "13/pipe")]);
    await writeFile(Buffer.concat([Buffer.from(`${root}/13/`), Buffer.from([0xff, 0xfe])]), "");
    const { rows, leftOut } = await read();
    expect(rows).toHaveLength(1);
    expect(leftOut.map(({ reason, count }) => [reason, count])).toEqual([
      ["a link to a directory", 2],
      ["cannot be read: symbolic links go in a circle", 1],
      ["neither a file nor a directory", 1],
      ["its name is not UTF-8", 1],
    ]);
  });

  it("may be empty, but not another directory, a file, or missing", async () => {
    expect((await read()).rows).toEqual([]);
    await put("etc/passwd", 1);
    await expect(read()).rejects.toThrow(/: expected an sstate directory, found 1 other files, such as "etc\/passwd"/);
    const file = readSstateDirectory(join(root, "etc/passwd"));
    await expect(readAll(file)).rejects.toThrow("cannot be read: expected a directory, found a file");
    await expect(readAll(readSstateDirectory(join(root, "no")))).rejects.toThrow("cannot be read: no such file");
  });
});
