import { type Dirent, readdirSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { byCodePoint } from "@depid/hash";
import { findStampName, type StampName } from "@depid/sstate";
import { below } from "./walk.ts";

/** Folders in a folder of stamps: `<MULTIMACH_TARGET_SYS>/<PN>`. */
const MAX_DEPTH = 3;

/** A taint file (docs/spec/signatures.md section 4). */
export interface TaintFile {
  readonly file: string;
  readonly name: StampName;
  readonly modified: Date;
}

/** The taint files below a folder of stamps, by name. @param skipped is told of folders that we may not look into */
export async function* listTaints(root: string, skipped: (folder: string) => void): AsyncGenerator<TaintFile> {
  const waiting = [""];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    let entries: readonly Dirent[];
    try {
      entries = await readdir(join(root, folder), { withFileTypes: true });
    } catch {
      skipped(join(root, folder));
      continue;
    }
    const folders: string[] = [];
    for (const entry of entries.toSorted((a, b) => byCodePoint(a.name, b.name))) {
      const path = below(folder, entry.name);
      const name = entry.isDirectory() ? undefined : findStampName(path);
      if (entry.isDirectory() && path.split("/").length < MAX_DEPTH) folders.push(path);
      else if (name?.kind === "taint") {
        const file = join(root, path);
        yield { file, name, modified: (await lstat(file)).mtime };
      }
    }
    waiting.push(...folders.reverse());
  }
}

/** Whether a folder of stamps has one of a task that ran or was restored: signature files and taints are none. */
export function hasStamps(folder: string, depth = 1): boolean {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return false;
  }
  return entries.some((entry) =>
    entry.isDirectory()
      ? depth < MAX_DEPTH && hasStamps(join(folder, entry.name), depth + 1)
      : /^(?:real|setscene)$/.test(findStampName(entry.name)?.kind ?? ""),
  );
}
