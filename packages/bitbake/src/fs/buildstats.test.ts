import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAll } from "../testing/rows.ts";
import { readBuildStats } from "./buildstats.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "depid-buildstats-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(join(root, dirname(path)), { recursive: true });
  await writeFile(join(root, path), content);
}

const run = (start: number, seconds: string) =>
  `Event: TaskStarted \nStarted: ${start} \nx: do_x\nElapsed time: ${seconds} seconds\nStatus: PASSED \nEnded: ${start} \n`;

describe("buildstats", () => {
  beforeEach(async () => {
    await put("20261121115854/build_stats", "Host Info: Linux \nBuild Started: 1795262334.00 \n");
    await put("20261121115854/reduced_proc_pressure/cpu.log", "1");
    await put("20261121115854/miniapp-2.0-r0/do_compile", run(1795262400, "0.09"));
    await put("20261121120412/build_stats", "");
    await put("20261121120412/miniapp-2.0-r0/do_populate_sysroot_setscene", run(1795262654, "0.16"));
    await put("20261121120412/minitool-native-0.1-r0/do_install", "Started: 1795262655.00 \n");
  });
  const compile = {
    recipe: "miniapp",
    version: "2.0-r0",
    task: "do_compile",
    seconds: 0.09,
    cpu: null,
    start: 1795262400,
  };

  it("of all builds say how long each task took in each, and which never ended", async () => {
    const { rows, leftOut } = await readAll(readBuildStats(root));
    expect(rows).toMatchObject([
      { build: "20261121115854", ...compile, status: "passed" },
      { build: "20261121120412", task: "do_populate_sysroot_setscene", seconds: 0.16 },
    ]);
    expect(leftOut).toEqual([
      { reason: "never ended", count: 1, examples: ["20261121120412/minitool-native-0.1-r0/do_install"] },
    ]);
  });

  it("of one build are named by its directory", async () => {
    const { rows } = await readAll(readBuildStats(`${root}/20261121115854/`));
    expect(rows).toEqual([{ build: "20261121115854", ...compile, status: "passed" }]);
  });

  it("leave out files of no task, and links to directories", async () => {
    await put("20261121115854/miniapp-2.0-r0/notes", "");
    await put("20261121115854/odd/do_x", run(1, "1"));
    await symlink(root, join(root, "20261121115854/again-1-r0"));
    const { rows, leftOut } = await readAll(readBuildStats(root));
    expect(rows).toHaveLength(2);
    expect(leftOut.slice(0, 2)).toMatchObject([
      { reason: "a link to a directory", count: 1 },
      { reason: "not the file of a task", count: 2 },
    ]);
  });

  it("with a file that is no text are refused, naming it", async () => {
    await put("20261121115854/miniapp-2.0-r0/do_install", "Started: \0");
    await expect(readAll(readBuildStats(root))).rejects.toThrow(/do_install:1: expected text, found a NUL byte$/);
  });

  it("are no other directory or file, and not missing", async () => {
    await rm(join(root, "20261121115854/build_stats"));
    await rm(join(root, "20261121120412/build_stats"));
    await expect(readAll(readBuildStats(root))).rejects.toThrow("expected buildstats, found no file build_stats");
    await put("x.json", "[1]");
    await expect(readAll(readBuildStats(join(root, "x.json")))).rejects.toThrow(/expected a list of recipes with name/);
    await expect(readAll(readBuildStats(join(root, "no")))).rejects.toThrow("cannot be read: no such file");
  });
});
