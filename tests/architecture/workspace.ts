import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { listPackageFolders } from "../folders.ts";
import { parseSource, type Source } from "./source.ts";

/** A package of the workspace with its sources. */
export interface Package {
  /** Folder, relative to the repository. */
  readonly folder: string;
  /** As the arrows name it: without scope. */
  readonly name: string;
  readonly manifest: Manifest;
  /** By path relative to the folder, such as "src/index.ts"; by code unit of the path. */
  readonly sources: ReadonlyMap<string, Source>;
}

/** The parts of package.json that matter here. */
export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, Target>>;
  readonly imports?: Readonly<Record<string, Target>>;
}

/** A file, or what to take under which condition. */
export type Target = string | { readonly [condition: string]: Target };

export const SCOPE = "@depid/";

/** The packages in `packages/` and `apps/`, with their tests or without. */
export function readWorkspace(root: string, { tests = true } = {}): readonly Package[] {
  return listPackageFolders(root).map((folder) => readPackage(root, folder, tests));
}

/** devDependencies of the repository itself: what every test may import. */
export function readTools(root: string): readonly string[] {
  return Object.keys(readManifest(root).devDependencies ?? {});
}

function readPackage(root: string, folder: string, tests: boolean): Package {
  const files = readdirSync(join(root, folder, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .filter((entry) => tests || !entry.name.endsWith(".test.ts"))
    .map((entry) => relative(join(root, folder), join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
  const manifest = readManifest(join(root, folder));
  const sources = files.map((file) => {
    const text = readFileSync(join(root, folder, file), "utf8");
    return [file, parseSource(`${folder}/${file}`, text)] as const;
  });
  return { folder, name: manifest.name.replace(SCOPE, ""), manifest, sources: new Map(sources) };
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}
