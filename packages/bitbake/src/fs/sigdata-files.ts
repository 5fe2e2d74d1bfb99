import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { byCodePoint } from "@depid/hash";
import { BuildInputError } from "../errors.ts";
import { parseSigdataName, type SigdataName } from "../sigdata-name.ts";
import { reasonOf } from "./text-lines.ts";

/** A signature file that was found, not read yet. */
export interface FoundSigdata {
  readonly file: string;
  readonly name: SigdataName;
}

/** The signature files of one or more folders and files: of each task, in each place, the newest. */
export interface SigdataFiles {
  /** By recipe; the newest of a task comes first. */
  readonly recipes: readonly (readonly FoundSigdata[])[];
  /** How many files that is. */
  readonly files: number;
  /** Files passed over, as there is a newer one of the same task in the same place. */
  readonly older: number;
}

/**
 * Finds the signature files below folders; symbolic links to files are followed, those to folders are not. A file that is named
 * itself must be one.
 *
 * @throws {BuildInputError} when something named is not there or is no signature file, or a folder has none
 */
export async function findSigdata(inputs: readonly string[]): Promise<SigdataFiles> {
  const tasks = new Map<string, FoundSigdata[]>();
  for (const input of inputs) {
    const before = tasks.size;
    for await (const found of filesOf(input)) {
      const { pn, stamp, place, task } = found.name;
      const key = [pn ?? stamp, place, task].join("\0");
      const files = tasks.get(key);
      if (files === undefined) tasks.set(key, [found]);
      else files.push(found);
    }
    if (tasks.size === 0 || (tasks.size === before && inputs.length === 1)) {
      throw new BuildInputError(input, "has no signature files (*.sigdata.*, *.sigbasedata.*, *.siginfo)");
    }
  }
  const recipes = new Map<string, FoundSigdata[]>();
  let older = 0;
  for (const files of tasks.values()) {
    const current = files.length === 1 ? files : await newestOf(files);
    older += files.length - 1;
    for (const found of current.slice(0, 1)) {
      const recipe = found.name.pn ?? found.name.stamp;
      const others = recipes.get(recipe);
      if (others === undefined) recipes.set(recipe, [found]);
      else others.push(found);
    }
  }
  const sorted = [...recipes].sort(([a], [b]) => byCodePoint(a, b));
  const ordered = await Promise.all(sorted.map(([, files]) => orderedByAge(files)));
  return { recipes: ordered, files: tasks.size, older };
}

/** A task that lies in several places is of several configurations, or was built for several machines: then the newest counts. */
async function orderedByAge(files: readonly FoundSigdata[]): Promise<readonly FoundSigdata[]> {
  const places = new Set(files.map(({ name }) => name.place));
  return places.size === 1 ? files.toSorted((a, b) => byCodePoint(a.file, b.file)) : newestOf(files);
}

/** Newest first; of the same age, by name. Files with a taskhash come before those without. */
async function newestOf(files: readonly FoundSigdata[]): Promise<readonly FoundSigdata[]> {
  const aged = await Promise.all(files.map(async (found) => ({ found, time: (await stat(found.file)).mtimeMs })));
  return aged
    .sort((a, b) => rankOf(a.found) - rankOf(b.found) || b.time - a.time || byCodePoint(a.found.file, b.found.file))
    .map(({ found }) => found);
}

function rankOf({ name }: FoundSigdata): number {
  return name.kind === "sigbasedata" ? 1 : 0;
}

async function* filesOf(input: string): AsyncGenerator<FoundSigdata> {
  const path = resolve(input);
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
  } catch (cause) {
    throw new BuildInputError(input, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (isDirectory) {
    yield* filesBelow(path);
    return;
  }
  const name = parseSigdataName(path);
  if (name === undefined) {
    throw new BuildInputError(
      input,
      "expected the name of a signature file: <PV>.do_x.sigdata.<hash>, <PV>.do_x.sigbasedata.<hash> or sstate:….siginfo",
    );
  }
  yield { file: path, name };
}

async function* filesBelow(folder: string): AsyncGenerator<FoundSigdata> {
  const folders: string[] = [];
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() || entry.isSymbolicLink()) {
        const name = parseSigdataName(path);
        if (name !== undefined) yield { file: path, name };
      }
    }
  } catch (cause) {
    throw new BuildInputError(folder, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
  for (const path of folders) yield* filesBelow(path);
}
