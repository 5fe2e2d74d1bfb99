import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAll } from "../testing/rows.ts";
import { readStamps } from "./stamps.ts";

const DEPLOY = "37878d8fbe42216e9aa7d178b5602983f092c9341fad181783f65553d1303526";
const COMPILE = "0962805d8fbdded25aa0929f202ef097ab56000708148c73b9df892b0504e3d0";
const FOLDER = "x86-64-v3-oe-linux";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "depid-stamps-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: string | Buffer = ""): Promise<void> {
  await mkdir(join(root, dirname(path)), { recursive: true });
  await writeFile(join(root, path), content);
  await utimes(join(root, path), 1_795_262_653, 1_795_262_653);
}

describe("a stamps directory", () => {
  it("has a row per stamp, taint file and signature file", async () => {
    await put(`${FOLDER}/miniapp/2.0.do_compile.${COMPILE}`);
    await put(`${FOLDER}/miniapp/2.0.do_compile.sigdata.${COMPILE}`);
    await put(`${FOLDER}/miniapp/2.0.do_compile.taint`, "5e1c5f0c-2b63-4c59-a4ee-5d5b8f0f5a01");
    await put(`${FOLDER}/miniimage/1.0.do_deploy_setscene.${DEPLOY}.qemux86_64`);
    const { rows, leftOut } = await readAll(readStamps(root));
    expect(leftOut).toEqual([]);
    expect(rows.map(({ kind, pn, task, hash, extra, taint }) => [kind, pn, task, hash, extra, taint])).toEqual([
      ["real", "miniapp", "do_compile", COMPILE, "", null],
      ["sigdata", "miniapp", "do_compile", COMPILE, "", null],
      ["taint", "miniapp", "do_compile", null, "", "5e1c5f0c-2b63-4c59-a4ee-5d5b8f0f5a01"],
      ["setscene", "miniimage", "do_deploy", DEPLOY, "qemux86_64", null],
    ]);
    expect(rows[0]).toMatchObject({ arch: FOLDER, pv: "2.0", modified: 1_795_262_653 });
  });

  it("keeps the beginning of a taint file, however large", async () => {
    await put(`${FOLDER}/miniapp/2.0.do_compile.taint`, Buffer.alloc(1_000_000, "x"));
    expect((await readAll(readStamps(root))).rows[0]?.taint).toBe("x".repeat(256));
  });

  it("counts what is no stamp, and is no other directory", async () => {
    await put("README");
    await expect(readAll(readStamps(root))).rejects.toThrow(/expected a stamps directory, found 1 other files/);
    await put("work-shared/gcc-16.1.0-r0.do_patch");
    const { rows, leftOut } = await readAll(readStamps(root));
    expect(rows).toMatchObject([{ arch: "work-shared", pn: null, pv: "gcc-16.1.0-r0", hash: null }]);
    expect(leftOut).toEqual([{ reason: "not named as a stamp", count: 1, examples: ["README"] }]);
  });
});
