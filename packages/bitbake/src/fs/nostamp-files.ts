import { statSync } from "node:fs";
import { isNostampTaint } from "@depid/hash";
import type { SigdataReader } from "./read-sigdata.ts";
import type { FoundSigdata, SigdataFiles } from "./sigdata-files.ts";

/** Milliseconds within which files are of one moment, as what one `bitbake -S none` writes. */
const MOMENT = 2000;

/**
 * Signature files of nostamp tasks that are older than the last stamp. Such a task runs in every build and leaves neither stamp nor signature file
 * (signatures.md section 4): its file is from `bitbake -S none`, and tells nothing of the builds since.
 *
 * Where there are no stamps, or no file is older, nothing is read.
 */
export function findOldNostamp(found: SigdataFiles, reader: SigdataReader): readonly FoundSigdata[] {
  const stamps = [...found.recipes.flatMap((it) => it.stamps), ...found.bareStamps];
  const stamped = new Set(stamps.map(({ stamp }) => keyOf(stamp)));
  const bare = found.recipes
    .flatMap(({ files }) => files)
    .filter(({ name }) => name.kind === "sigdata" && !stamped.has(keyOf(name)));
  if (stamps.length === 0 || bare.length === 0) return [];
  const last = stamps.reduce((time, { file }) => Math.max(time, timeOf(file)), 0);
  return bare.filter(({ file }) => timeOf(file) + MOMENT < last && isNostampTaint(reader.read(file).hashed?.taint));
}

/** The same without some files. */
export function withoutFiles({ recipes, ...all }: SigdataFiles, gone: readonly FoundSigdata[]): SigdataFiles {
  if (gone.length === 0) return { recipes, ...all };
  const left = recipes.map(({ files, stamps }) => ({ files: files.filter((it) => !gone.includes(it)), stamps }));
  return {
    ...all,
    recipes: left.filter((it) => it.files.length > 0),
    bareStamps: [...all.bareStamps, ...left.flatMap((it) => (it.files.length > 0 ? [] : it.stamps))],
    files: all.files - gone.length,
  };
}

/** What was passed over, in a sentence; none if nothing was. */
export function describeOldNostamp(gone: readonly FoundSigdata[]): readonly string[] {
  if (gone.length === 0) return [];
  const names = gone.map(({ name }) => `${name.pn ?? name.stamp}:${name.task}`);
  const some = `${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}`;
  return [
    `signatures of nostamp tasks, which leave none when they run: the files of ${some} are older than the last build, and were passed over; bitbake -S none TARGET writes them`,
  ];
}

function keyOf({ place, pn, stamp, task }: Pick<FoundSigdata["name"], "place" | "pn" | "stamp" | "task">): string {
  return `${place}\0${pn ?? stamp}\0${task}`;
}

/** Milliseconds since 1970; 0 if it is gone since. */
function timeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
