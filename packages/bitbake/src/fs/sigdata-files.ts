import { type Dirent, readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { byCodePoint } from "@depid/hash";
import { BuildInputError } from "../errors.ts";
import {
  folderOf,
  isOldSigdataName,
  nameIn,
  parseSigdataName,
  type SigdataName,
  type StampPath,
} from "../sigdata-name.ts";
import { reasonOf } from "./text-lines.ts";

/** A signature file that was found, not read yet. */
export interface FoundSigdata {
  readonly file: string;
  readonly name: SigdataName;
}

/** A stamp beside signature files whose name has a hash. */
export interface FoundStamp {
  readonly file: string;
  readonly stamp: StampPath;
}

type Found = FoundSigdata | FoundStamp;

/** What belongs to one recipe. */
export interface FoundRecipe {
  /** By code point of the path. */
  readonly files: readonly FoundSigdata[];
  readonly stamps: readonly FoundStamp[];
}

/** All signature files of one or more folders and files. */
export interface SigdataFiles {
  /** By name of the recipe. Recipes with stamps only are not there. */
  readonly recipes: readonly FoundRecipe[];
  /** Stamps of recipes that have no files: all of their tasks were restored. */
  readonly bareStamps: readonly FoundStamp[];
  /** Files of releases before 3.0 (zeus), which cannot be read. */
  readonly old: readonly string[];
  /** How many files that is. */
  readonly files: number;
}

/**
 * Finds the signature files below folders, and the stamps beside them; symbolic links to files are followed, those to folders are not. A
 * file that is named itself must be a signature file.
 *
 * @throws {BuildInputError} when something named is not there or is no signature file, or a folder has none
 */
export async function findSigdata(inputs: readonly string[]): Promise<SigdataFiles> {
  const recipes = new Map<string, { files: Map<string, FoundSigdata>; stamps: FoundStamp[] }>();
  const old: string[] = [];
  let files = 0;
  for (const input of inputs) {
    const before = files;
    for await (const folder of filesOf(input, old))
      for (const found of folder) {
        const key = keyOf("name" in found ? found.name : found.stamp);
        let recipe = recipes.get(key);
        if (recipe === undefined) {
          recipe = { files: new Map(), stamps: [] };
          recipes.set(key, recipe);
        }
        if (!("name" in found)) recipe.stamps.push(found);
        else if (!recipe.files.has(found.file)) {
          recipe.files.set(found.file, found);
          files += 1;
        }
      }
    if (files === 0 || (files === before && inputs.length === 1)) {
      if (old[0] !== undefined) throw new BuildInputError(input, describeOld(old));
      throw new BuildInputError(input, "has no signature files (*.sigdata.*, *.sigbasedata.*, *.siginfo)");
    }
  }
  const sorted = [...recipes].filter((it) => it[1].files.size > 0).sort(([a], [b]) => byCodePoint(a, b));
  return {
    recipes: sorted.map(([, it]) => ({
      files: [...it.files.values()].sort((a, b) => byCodePoint(a.file, b.file)),
      stamps: it.stamps,
    })),
    old,
    bareStamps: [...recipes.values()].flatMap((it) => (it.files.size > 0 ? [] : it.stamps)),
    files,
  };
}

/** The same with more files. */
export function withFiles({ recipes, ...all }: SigdataFiles, more: readonly FoundSigdata[]): SigdataFiles {
  if (more.length === 0) return { recipes, ...all };
  const byRecipe = new Map(recipes.map((it) => [keyOf(it.files[0]?.name), it]));
  const bare = new Map<string, FoundStamp[]>();
  for (const it of all.bareStamps) bare.set(keyOf(it.stamp), [...(bare.get(keyOf(it.stamp)) ?? []), it]);
  for (const found of more) {
    const key = keyOf(found.name);
    const recipe = byRecipe.get(key) ?? { files: [], stamps: bare.get(key) ?? [] };
    byRecipe.set(key, { ...recipe, files: [...recipe.files, found] });
  }
  return {
    recipes: [...byRecipe].sort(([a], [b]) => byCodePoint(a, b)).map(([, it]) => it),
    old: all.old,
    bareStamps: all.bareStamps.filter((it) => !byRecipe.has(keyOf(it.stamp))),
    files: all.files + more.length,
  };
}

function keyOf(it: Pick<SigdataName, "pn" | "stamp"> | undefined): string {
  return it?.pn ?? it?.stamp ?? "";
}

/** What files of old releases are, and what reads them. */
export function describeOld(files: readonly string[]): string {
  const [first = ""] = files;
  const name = first.slice(first.lastIndexOf("/") + 1);
  const what =
    files.length === 1 ? `${name} is a signature file` : `${files.length} signature files, such as ${name}, are`;
  return `${what} of a release before 3.0 (zeus), with a hash of 32 digits (MD5): not read here; bitbake-diffsigs of that release compares them`;
}

async function* filesOf(input: string, old: string[]): AsyncGenerator<readonly Found[]> {
  const path = resolve(input);
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
  } catch (cause) {
    throw new BuildInputError(input, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (isDirectory) {
    yield* filesBelow(path, old);
    return;
  }
  const name = parseSigdataName(path);
  if (name === undefined) {
    if (isOldSigdataName(path)) throw new BuildInputError(input, describeOld([path]));
    throw new BuildInputError(
      input,
      "expected the name of a signature file: <PV>.do_x.sigdata.<hash>, <PV>.do_x.sigbasedata.<hash> or sstate:….siginfo",
    );
  }
  yield [{ file: path, name }];
}

/** Folders that are read before signals have their turn. Promises for each of them take longer than the reading. */
const FOLDERS_PER_TURN = 64;

/** What is in each folder, before what is in the folders in it. */
async function* filesBelow(root: string, old: string[]): AsyncGenerator<readonly Found[]> {
  const waiting = [root];
  let folders = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const found: Found[] = [];
    const below: string[] = [];
    const names = folderOf(folder);
    const prefix = folder.endsWith("/") ? folder : `${folder}/`;
    for (const entry of entriesOf(folder)) {
      const file = prefix + entry.name;
      if (entry.isDirectory()) below.push(file);
      else if (entry.isFile() || entry.isSymbolicLink()) {
        const name = nameIn(names, entry.name);
        if (name === undefined) {
          if (isOldSigdataName(entry.name)) old.push(file);
        } else if (name.kind === "stamp") found.push({ file, stamp: name });
        else found.push({ file, name });
      }
    }
    waiting.push(...below.reverse());
    if (found.length > 0) yield found;
    if (++folders % FOLDERS_PER_TURN === 0) await setImmediate();
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new BuildInputError(folder, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
