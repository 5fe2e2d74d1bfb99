import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isInstalled, type ProgramName, RUN } from "./programs.ts";

let pages: string;
beforeAll(async () => {
  pages = mkdtempSync(join(tmpdir(), "depid-man-"));
  for (const name of Object.keys(RUN) as ProgramName[]) await RUN[name]("man", "-o", pages);
});
afterAll(() => rmSync(pages, { recursive: true }));

const hasMandoc =
  spawnSync("mandoc", ["-T", "lint"], { input: "", stdio: ["pipe", "ignore", "ignore"] }).error === undefined;

/** What a reader of man pages says of all pages of the three programs, each of which has one at least. */
function complaints(command: string, args: readonly string[]): string {
  const names = readdirSync(pages).sort();
  expect(names).toEqual(expect.arrayContaining(Object.keys(RUN).map((it) => `${it}.1`)));
  const { stdout, stderr } = spawnSync(command, [...args, ...names], { cwd: pages, encoding: "utf8" });
  return stdout + stderr;
}

it.skipIf(!hasMandoc)("mandoc finds nothing wrong with any man page", () => {
  expect(complaints("mandoc", ["-T", "lint"])).toBe("");
});

it.skipIf(!isInstalled("groff"))("groff finds nothing wrong with any man page", () => {
  expect(complaints("groff", ["-ww", "-man", "-z"])).toBe("");
});
