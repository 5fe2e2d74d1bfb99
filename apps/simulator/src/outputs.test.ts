import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REPOSITORY, runDepidIn } from "./testing/run-depid.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-outputs-"));
  await mkdir(join(folder, "folder"));
  await mkdir(join(folder, "shut"));
  await writeFile(join(folder, "file"), "kept\n");
  const recipe = join(folder, "stamps/x86_64-linux/a-native");
  await mkdir(recipe, { recursive: true });
  await writeFile(join(recipe, `1-r0.do_x.${"0".repeat(64)}`), "");
  await writeFile(
    join(folder, "task-depends.dot"),
    'digraph depends {\n"a.do_x" [label="a do_x\\n:1-r0\\n/a.bb"]\n}\n',
  );
  // By a link: a program that puts a file in place of a device destroys the link, not the device of this machine.
  await symlink("/dev/full", join(folder, "full"));
  await symlink("/dev/null", join(folder, "null"));
  await chmod(join(folder, "shut"), 0o555);
});
afterEach(() => rm(folder, { recursive: true }));

const run = (line: string) => runDepidIn({ cwd: folder }, ...line.split(" "));

const HISTORY = join(REPOSITORY, "examples/meta-mini/recorded/history.jsonl.gz");

/** Command lines that write a file, which stands at their end. */
const WRITERS = [`label ${HISTORY} -o`, "import stamps stamps -o", "import dot task-depends.dot -o"];
const isRoot = process.getuid?.() === 0;

describe.each(WRITERS)("depid %s", (writer) => {
  it.each([
    ["full", /full: cannot be written: no space left on the device\n$/],
    ["folder", /folder: .*expected a file, found a directory\n$/],
    ["none/out", /none\/out: cannot be written: [^\n]*\n$/],
    ["file/out", /file\/out: cannot be written: expected a directory on the way, found a file\n$/],
  ])("%s: one line, status 2, and nothing is left behind", async (output, message) => {
    const before = await readdir(folder, { recursive: true });
    const { status, stdout, stderr } = await run(`${writer} ${output}`);
    const last = stderr.split("\n").slice(-2).join("\n");
    expect(last).toMatch(/^depid: /);
    expect(last).toMatch(message);
    expect(stderr).not.toMatch(/internal error|\bE[A-Z]{4,}\b/);
    expect([status, stdout]).toEqual([2, ""]);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
    expect(await readFile(join(folder, "file"), "utf8")).toBe("kept\n");
  });

  it.skipIf(isRoot)("a folder that may not be written to", async () => {
    const { status, stderr } = await run(`${writer} shut/out`);
    expect(stderr).toMatch(/shut\/out: cannot be written: permission denied\n$/);
    expect(status).toBe(2);
  });

  it("a device is written to, and stays one", async () => {
    const { status } = await run(`${writer} null`);
    expect(status ?? 0).toBe(0);
    expect(await readFile(join(folder, "null"), "utf8")).toBe("");
  });
});
