import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The packages and apps of the workspace, by folder relative to the repository: "packages/hash". */
export function listPackageFolders(root: string): readonly string[] {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
    .filter((folder) => existsSync(join(root, folder, "package.json")));
}
