import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { computeOutHash, createMemoryTree, OutputReadError, outHashBasic, UndecodableNameError } from "../index.ts";
import { createDirectoryTree } from "./index.ts";
import { decodeName, encodeName } from "./python-names.ts";

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "sstate-")));
  chmodSync(dir, 0o755);
});
afterEach(() => rmSync(dir, { recursive: true }));

const settings = { pkgSpec: "p", task: "deploy", underPseudo: false };

function put(path: string, content: string | Uint8Array = "x", mode = 0o644): void {
  mkdirSync(join(dir, path, ".."), { recursive: true });
  writeFileSync(join(dir, path), content);
  chmodSync(join(dir, path), mode);
}

describe("a directory on disk", () => {
  it("has the output hash of the same tree in memory", async () => {
    put("usr/bin/a", "é", 0o4755);
    symlinkSync("../bin", join(dir, "usr/bin/l"));
    symlinkSync("nowhere", join(dir, "m"));
    const memory = createMemoryTree(dir, [
      { path: "usr/bin/a", type: "file", content: "é", mode: 0o4755 },
      { path: "usr/bin/l", type: "symlink", target: "../bin" },
      { path: "m", type: "symlink", target: "nowhere" },
    ]);
    const onDisk = await computeOutHash(createDirectoryTree(dir), outHashBasic, settings);
    expect(onDisk.text).toBe((await computeOutHash(memory, outHashBasic, settings)).text);
  });
  it("is the directory itself when named through a link, with or without a slash", async () => {
    mkdirSync(join(dir, "real"), { mode: 0o755 });
    symlinkSync("real", join(dir, "link"));
    const tree = createDirectoryTree(`${join(dir, "link")}/`);
    expect(tree.root).toBe(join(dir, "link"));
    expect(await tree.entries()).toMatchObject([{ path: ".", type: "dir", mode: 0o755 }]);
  });
  it("links in it are not followed, not even round in a circle", async () => {
    symlinkSync("..", join(dir, "up"));
    symlinkSync("self", join(dir, "self"));
    const entries = await createDirectoryTree(dir).entries();
    expect(entries.slice(1)).toMatchObject(
      entries[1]?.path === "./up"
        ? [
            { path: "./up", toDirectory: true },
            { path: "./self", toDirectory: false },
          ]
        : [
            { path: "./self", toDirectory: false },
            { path: "./up", toDirectory: true },
          ],
    );
    await expect(createDirectoryTree(dir).read("./up")).rejects.toThrow(/^\.\/up: cannot be read: ELOOP/);
  });
  it("a file of several chunks is digested as a whole", async () => {
    const content = new Uint8Array(300_000).map((_, i) => i % 251);
    put("big", content);
    const sha1 = createHash("sha1").update(content).digest("hex");
    expect(await createDirectoryTree(dir).digest("./big", "sha1")).toBe(sha1);
  });
  it("times have a fraction", async () => {
    put("a");
    utimesSync(join(dir, "a"), 5, 1302044400.5);
    expect((await createDirectoryTree(dir).entries())[1]).toMatchObject({ mtime: 1302044400.5 });
  });
  it("owners have the names of the account files given; the first line of an id counts", async () => {
    put("accounts", `# a comment\nbuilder:x:${process.getuid?.()}:0::/:\nsecond:x:${process.getuid?.()}:\n`);
    const tree = createDirectoryTree(dir, { passwd: join(dir, "accounts"), group: join(dir, "none") });
    expect((await tree.entries())[0]).toMatchObject({ owner: "builder", group: process.getgid?.() });
  });
  it("a name that is not UTF-8 is an error which shows its bytes", async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${dir}/bad-`), Buffer.of(0xff)]), "x");
    const hashing = computeOutHash(createDirectoryTree(dir), outHashBasic, settings);
    await expect(hashing).rejects.toThrow(UndecodableNameError);
    await expect(hashing).rejects.toThrow("./bad-\\xff: expected a name in UTF-8");
    expect(await createDirectoryTree(dir).read("./bad-\udcff")).toEqual(Buffer.from("x"));
  });
  it("a byte order mark is part of a name", async () => {
    put("\uFEFFa");
    expect((await createDirectoryTree(dir).entries())[1]).toMatchObject({ path: "./\uFEFFa" });
  });
  it("what cannot be read is an error that names the path", async () => {
    const missing = createDirectoryTree(join(dir, "missing"));
    await expect(missing.entries()).rejects.toThrow(OutputReadError);
    await expect(missing.entries()).rejects.toThrow(/cannot be read: ENOENT.*missing/);
    await expect(createDirectoryTree(dir).digest("./gone", "sha256")).rejects.toThrow(
      /^\.\/gone: cannot be read: ENOENT/,
    );
    put("file");
    await expect(createDirectoryTree(join(dir, "file")).entries()).rejects.toThrow(
      /cannot be read|expected a directory/,
    );
  });
});

it.each([["plain"], ["é\u{1F600}"], ["b\udcffd\udc80"]])("the name %j survives being encoded and decoded", (name) => {
  expect(decodeName(encodeName(name))).toBe(name);
});
