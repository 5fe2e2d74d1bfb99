import { type Stats, statSync } from "node:fs";
import { join } from "node:path";
import {
  classifySstateFile,
  findObjectPlace,
  type ObjectName,
  type ObjectPart,
  type SstateFileKind,
} from "@depid/sstate";
import { BitbakeFileError } from "../file-error.ts";
import type { SstateObjectRow } from "../sstate-object.ts";
import { LeftOut, type RowSource } from "../table.ts";
import { below, createPause, type WalkedFile, walk } from "./walk.ts";

interface Found {
  readonly name: ObjectName;
  readonly parts: { readonly part: ObjectPart; readonly file: WalkedFile }[];
}

/** Why a file that is none of an object is left out. */
const REASONS: Partial<Record<SstateFileKind, string>> = {
  download: "left by a download (.done, .lock)",
  draft: "left unfinished by a build",
};

/**
 * Reads an sstate directory (SSTATE_DIR, or a mirror as a directory): one row per object or signature data alone. Only the
 * folders of one level are in memory at a time.
 *
 * @throws {BitbakeFileError} when reading rows: if it is no directory, or holds files and no object at all
 */
export function readSstateDirectory(directory: string): RowSource<SstateObjectRow> {
  const leftOut = new LeftOut();
  return {
    header: {
      table: "objects",
      source: directory,
      unknown: [
        "whether an object is whole: archives are not opened",
        "which objects are used: BitBake may be told not to touch what it finds",
      ],
      assumed: [
        "names are those of OE-Core's sstate.bbclass",
        "where the field `shortened` is true, triplet, pv and pr may be only the beginnings",
      ],
    },
    rows: rowsOf(directory, leftOut),
    leftOut,
  };
}

async function* rowsOf(directory: string, leftOut: LeftOut): AsyncGenerator<SstateObjectRow> {
  const pause = createPause();
  let rows = 0;
  for await (const { folder, files } of walk(directory, leftOut)) {
    for (const [object, found] of objectsOf(folder, files, leftOut)) {
      const path = below(folder, object);
      const row = rowOf(directory, folder, path, found, leftOut);
      if (row !== undefined) {
        rows += 1;
        yield row;
      }
      await pause();
    }
  }
  const strange = leftOut.entries.find(({ reason }) => reason === NO_NAME);
  if (rows === 0 && strange !== undefined) {
    const { count, examples } = strange;
    throw new BitbakeFileError(
      directory,
      0,
      `expected an sstate directory, found ${count} other files, such as ${JSON.stringify(examples[0])}, and no object`,
    );
  }
}

const NO_NAME = "not named as an sstate object";

/** The objects of a folder, each with its files. */
function objectsOf(folder: string, files: readonly WalkedFile[], leftOut: LeftOut): ReadonlyMap<string, Found> {
  const objects = new Map<string, Found>();
  for (const file of files) {
    const { kind, found: match } = classifySstateFile(below(folder, file.name));
    if (match === undefined) leftOut.add(REASONS[kind] ?? NO_NAME, below(folder, file.name));
    else if (findObjectPlace(folder, match.name.depid) === undefined) {
      leftOut.add("not in the folder of its hash, where BitBake looks", below(folder, file.name));
    } else {
      const found = objects.get(match.object);
      const part = { part: match.part, file };
      if (found === undefined) objects.set(match.object, { name: match.name, parts: [part] });
      else found.parts.push(part);
    }
  }
  return objects;
}

function rowOf(
  directory: string,
  folder: string,
  path: string,
  { name, parts }: Found,
  leftOut: LeftOut,
): SstateObjectRow | undefined {
  const sizes: Record<ObjectPart, number | null> = { object: null, siginfo: null, sig: null };
  let modified = 0;
  let link = false;
  for (const { part, file } of parts) {
    const stats = statOf(join(directory, folder, file.name));
    if (stats === undefined) {
      leftOut.add("gone before it was looked at", below(folder, file.name));
      continue;
    }
    sizes[part] = stats.size;
    modified = Math.max(modified, Math.floor(stats.mtimeMs / 1000));
    if (part === "object") link = file.isLink;
  }
  if (sizes.object === null && sizes.siginfo === null && sizes.sig === null) return undefined;
  const distribution = findObjectPlace(folder, name.depid)?.distribution ?? "";
  const { object: size, siginfo, sig } = sizes;
  return { path, distribution, ...name, size, siginfo, sig, modified, link };
}

/** Looked at at once, not awaited: a million files take seconds, where the thread pool would take a minute. */
function statOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}
