import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStorage } from "@depid/hashserv";
import { argsForProgram } from "@depid/hashserv/thread";
import { afterEach, beforeEach, expect, it } from "vitest";

const NOBODY = 65_534;
/** Permissions do not hold for root: the program is then started as nobody. */
const isRoot = process.getuid?.() === 0;

let folder: string;
let database: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hashserv-"));
  database = join(folder, "x.db");
  await (await openSqliteStorage(database)).close();
  // What another server would have open.
  for (const file of [`${database}-shm`, `${database}-wal`]) rmSync(file, { force: true });
  if (isRoot) for (const path of [folder, database]) chownSync(path, NOBODY, NOBODY);
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

function run(...options: readonly string[]) {
  const node = argsForProgram(join(import.meta.dirname, "main.ts"));
  const args = [...node, "--bind", "127.0.0.1:0", "--database", database, ...options];
  const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", ...user });
  return { status, stderr };
}

it.each([
  [
    "a folder in which nothing can be made",
    0o555,
    0o644,
    [],
    ": no permission to write there, where SQLite keeps its log",
  ],
  [
    "the same, with a journal",
    0o555,
    0o644,
    ["--write-behind"],
    ": no permission to write there, where SQLite keeps its log",
  ],
  ["a file that cannot be written", 0o755, 0o444, [], "/x.db: no permission to write it"],
  ["a file that cannot be read", 0o755, 0o000, ["--read-only"], "/x.db: no permission to read it"],
  [
    "a folder in which nothing can be made, for reading",
    0o555,
    0o444,
    ["--read-only"],
    "which SQLite needs for reading, too",
  ],
] as const)("is told in one line, with status 2: %s", (_what, folderMode, fileMode, options, message) => {
  chmodSync(database, fileMode);
  chmodSync(folder, folderMode);
  const { status, stderr } = run(...options);
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split("\n").length).toBe(1);
  expect(status).toBe(2);
});
