import { type Dirent, readdirSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { findStampName } from "@depid/bitbake";
import type { Sighting } from "../finding.ts";
import { Tally } from "../tally.ts";

/** Folders in a folder of stamps: `<MULTIMACH_TARGET_SYS>/<PN>`. */
const MAX_DEPTH = 3;

/**
 * Taint files below folders of stamps (docs/spec/signatures.md section 4), with the task and the day each is of.
 *
 * @param limit how many examples to keep
 * @param skipped is told of folders that we may not look into
 */
export async function findTaints(
  folders: readonly string[],
  limit: number,
  skipped: (folder: string) => void,
): Promise<Sighting> {
  const tally = new Tally(limit);
  for (const folder of folders) {
    for await (const path of taintsBelow(folder, "", skipped)) {
      const { pn, pv, task } = findStampName(path) ?? { pn: null, pv: path, task: "" };
      const { mtime } = await lstat(join(folder, path));
      tally.add({
        ...(pn === null ? {} : { recipe: pn }),
        version: pv,
        task: task.replace(/^do_/, ""),
        since: mtime.toISOString().slice(0, 10),
        path: join(folder, path),
      });
    }
  }
  return tally;
}

async function* taintsBelow(root: string, folder: string, skipped: (folder: string) => void): AsyncGenerator<string> {
  let entries: readonly Dirent[];
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true });
  } catch {
    skipped(join(root, folder));
    return;
  }
  for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && path.split("/").length < MAX_DEPTH) yield* taintsBelow(root, path, skipped);
    else if (!entry.isDirectory() && findStampName(path)?.kind === "taint") yield path;
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
