import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { byCodePoint } from "@depid/hash";
import { BitbakeFileError } from "../file-error.ts";
import type { LeftOut } from "../table.ts";
import { reasonOf } from "./text-lines.ts";

/** A directory that was come upon, with the files in it. */
export interface WalkedFolder {
  /** Below the root, with "/" between folders; "" is the root. */
  readonly folder: string;
  /** Regular files and symbolic links to what is no directory, by code point of the name. */
  readonly files: readonly WalkedFile[];
}

export interface WalkedFile {
  readonly name: string;
  readonly isLink: boolean;
}

/** Folders in folders, at most; what BitBake writes has three levels. */
const MAX_DEPTH = 16;

/**
 * Walks through a directory. Links to directories are not followed, so no circle and no other place is entered. What
 * is no file, has no name in UTF-8 or cannot be read is left out, and counted.
 *
 * @throws {BitbakeFileError} when the root itself cannot be read
 */
export async function* walk(root: string, leftOut: LeftOut): AsyncGenerator<WalkedFolder> {
  const waiting = [""];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const entries = await entriesOf(root, folder, leftOut);
    const files: WalkedFile[] = [];
    const folders: string[] = [];
    for (const entry of entries) {
      const path = below(folder, entry.name);
      if (entry.name.includes("\ufffd")) leftOut.add("its name is not UTF-8", path);
      else if (entry.isFile()) files.push({ name: entry.name, isLink: false });
      else if (entry.isDirectory()) folders.push(path);
      else if (!entry.isSymbolicLink()) leftOut.add("neither a file nor a directory", path);
      else if (await leadsToFile(join(root, path), path, leftOut)) files.push({ name: entry.name, isLink: true });
    }
    if (files.length > 0) yield { folder, files };
    for (const path of folders.reverse()) {
      if (path.split("/").length > MAX_DEPTH) leftOut.add(`more than ${MAX_DEPTH} folders deep`, path);
      else waiting.push(path);
    }
  }
}

/** The path of a name below a folder. */
export function below(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** Gives timers and signals their turn now and then, in loops that only look at files. */
export function createPause(): () => Promise<void> | undefined {
  let count = 0;
  return () => (++count % 4096 === 0 ? setImmediate() : undefined);
}

async function entriesOf(root: string, folder: string, leftOut: LeftOut): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    return entries.sort((a, b) => byCodePoint(a.name, b.name));
  } catch (cause) {
    if (folder !== "") {
      leftOut.add(`cannot be read: ${reasonOf(cause)}`, folder);
      return [];
    }
    const reason =
      (cause as NodeJS.ErrnoException).code === "ENOTDIR" ? "expected a directory, found a file" : reasonOf(cause);
    throw new BitbakeFileError(root, 0, `cannot be read: ${reason}`, { cause });
  }
}

async function leadsToFile(file: string, path: string, leftOut: LeftOut): Promise<boolean> {
  try {
    const target = await stat(file);
    if (target.isFile()) return true;
    leftOut.add(target.isDirectory() ? "a link to a directory" : "neither a file nor a directory", path);
  } catch (cause) {
    const isNowhere = (cause as NodeJS.ErrnoException).code === "ENOENT";
    leftOut.add(isNowhere ? "a link that leads nowhere" : `cannot be read: ${reasonOf(cause)}`, path);
  }
  return false;
}
