import { accessSync, constants, type Dirent, lstatSync, type Stats, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { byCodePoint } from "@depid/hash";
import { classifySstateFile } from "@depid/sstate";
import { BitbakeFileError } from "../file-error.ts";
import type { SstateFile } from "../sstate-file.ts";
import { reasonOf } from "./text-lines.ts";
import { below } from "./walk.ts";

/** A file, or a folder that we may not look into. */
export type SstateEntry = { readonly file: SstateFile } | { readonly unreadableFolder: string };

/**
 * All files of an sstate directory as they are, links to nowhere and files of others too: folder by folder by name, what is in a folder
 * before what is in folders of it. Files that go away meanwhile are passed over. Only the names of one folder are in memory, and those
 * of the folders above.
 *
 * @throws {BitbakeFileError} when the directory itself cannot be read
 */
export async function* listSstate(root: string): AsyncGenerator<SstateEntry> {
  const waiting = [""];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    let entries: readonly Dirent[];
    try {
      entries = await readdir(join(root, folder), { withFileTypes: true });
    } catch (cause) {
      if (folder === "") throw new BitbakeFileError(root, 0, `cannot be read: ${reasonOf(cause)}`, { cause });
      yield { unreadableFolder: folder };
      continue;
    }
    const folders: string[] = [];
    for (const entry of entries.toSorted((a, b) => byCodePoint(a.name, b.name))) {
      const path = below(folder, entry.name);
      const file = entry.isDirectory() ? undefined : lookAt(root, path);
      if (entry.isDirectory()) folders.push(path);
      else if (file !== undefined) yield { file };
    }
    waiting.push(...folders.reverse());
  }
}

/** Looked at at once, not awaited: a million files take seconds, where the thread pool would take a minute. */
function lookAt(root: string, path: string): SstateFile | undefined {
  const full = join(root, path);
  const own = lstatSync(full, { throwIfNoEntry: false });
  if (own === undefined) return undefined;
  const stats = own.isSymbolicLink() ? statSync(full, { throwIfNoEntry: false }) : own;
  const { kind, found } = classifySstateFile(path);
  return {
    path,
    kind,
    ...(found === undefined ? {} : { name: found.name }),
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
