import { accessSync, constants, type Dirent, lstatSync, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { classifySstatePath } from "../sstate-name.ts";
import type { SstateFile } from "../sstate-survey.ts";

/** A file, or a folder that we may not look into. */
export type SstateEntry = { readonly file: SstateFile } | { readonly unreadableFolder: string };

/**
 * The files of an sstate directory, folder by folder in the order of their names. Files that go away meanwhile are passed over.
 *
 * @throws when the directory itself cannot be read
 */
export function* listSstate(root: string, folder = ""): Generator<SstateEntry> {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (folder === "") throw error;
    yield { unreadableFolder: folder };
    return;
  }
  for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* listSstate(root, path);
    else {
      const file = lookAt(root, path);
      if (file !== undefined) yield { file };
    }
  }
}

function lookAt(root: string, path: string): SstateFile | undefined {
  const full = join(root, path);
  const own = lstatSync(full, { throwIfNoEntry: false });
  if (own === undefined) return undefined;
  const stats = own.isSymbolicLink() ? statSync(full, { throwIfNoEntry: false }) : own;
  return {
    path,
    ...classifySstatePath(path),
    bytes: stats?.size,
    readable: stats !== undefined && isReadable(full, stats),
    modified: own.mtimeMs,
  };
}

/** The superuser may read everything; a file that nobody else may read is not readable then either. */
function isReadable(path: string, { mode }: Stats): boolean {
  if ((mode & 0o444) === 0) return false;
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
