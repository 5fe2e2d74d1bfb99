import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Folders with the tests of the repository, each of which is run by itself: "tests/architecture". */
export function listTestFolders(root: string): readonly string[] {
  return readdirSync(join(root, "tests"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `tests/${name}`)
    .filter((folder) => readdirSync(join(root, folder)).some((name) => name.endsWith(".test.ts")));
}

/** The packages and apps of the workspace, by folder relative to the repository: "packages/hash". */
export function listPackageFolders(root: string): readonly string[] {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
    .filter((folder) => existsSync(join(root, folder, "package.json")));
}
