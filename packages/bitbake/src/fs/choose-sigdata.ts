import { statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { type CurrentFile, chooseCurrent, type SigdataGist, type StampOfTask } from "../current-sigdata.ts";
import type { HashMismatch } from "../sigdata-check.ts";
import type { SigdataContent } from "../sigdata-content.ts";
import type { NamedSigdata, RecipeOfFile } from "../sigdata-import.ts";
import { pnidOf, recipesOf } from "../sigdata-import.ts";
import type { SigdataReader } from "./read-sigdata.ts";
import type { FoundRecipe, FoundSigdata, SigdataFiles } from "./sigdata-files.ts";

/** A signature file, and what it is among those of its task. */
export interface SignatureFile {
  readonly file: string;
  /** Whether it is the one that counts. */
  readonly isCurrent: boolean;
  /**
   * Whether it holds other metadata than the taskhash that it states was made from, as a worker writes that parsed a recipe with another
   * outcome than the server ("Taskhash mismatch").
   */
  readonly isForeign: boolean;
  /** As the file states them; `undefined` if it states none, or is the only one of its task and agrees with what it holds. */
  readonly taskhash: string | undefined;
  readonly depid: string | undefined;
}

/** A file that counts, with the recipe that all files of its recipe tell. */
export interface ChosenSigdata extends FoundSigdata {
  readonly recipe?: RecipeOfFile;
  /** What it holds, where it had to be read to choose. */
  readonly sigdata?: SigdataContent;
}

/** The files that count, by recipe, and how they were chosen. */
export interface SigdataChoice {
  readonly recipes: readonly (readonly ChosenSigdata[])[];
  /** How many files count. */
  readonly files: number;
  /** Files passed over as another of their task counts, or as none does. */
  readonly older: number;
  /** All files of tasks that have several, by the file that counts. */
  readonly ofTask: ReadonlyMap<string, readonly SignatureFile[]>;
  /** Hash by name of tasks of which no file has the hash that stamps tell. */
  readonly missing: ReadonlyMap<string, string>;
  /** Of files that are passed over, as a worker with other metadata wrote them. */
  readonly mismatches: readonly HashMismatch[];
  /** A sentence each on what that rests on. */
  readonly assumed: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * Chooses the signature files of the last build. Where each task has one file and its stamp has the file's hash there is nothing to choose,
 * and nothing is read.
 *
 * @throws {BitbakeFileError} when a file cannot be read
 */
export async function chooseSigdata(
  found: SigdataFiles,
  reader: SigdataReader,
  signal?: AbortSignal,
): Promise<SigdataChoice> {
  if (!found.recipes.some(needsChoice)) {
    const recipes = found.recipes.map(({ files }) => files);
    const nothing = { older: 0, ofTask: new Map(), missing: new Map(), mismatches: [], assumed: [], unknown: [] };
    return { recipes, files: found.files, ...nothing };
  }
  const read: { readonly files: readonly FoundSigdata[]; readonly gists: readonly GistOfFile[] }[] = [];
  const stamps: StampOfTask[] = [];
  for (const recipe of found.recipes) {
    signal?.throwIfAborted();
    const gists = gistsOf(recipe, reader);
    read.push({ files: recipe.files, gists });
    stamps.push(...stampsOfRecipe(recipe, gists));
    await setImmediate();
  }
  const all = read.flatMap(({ gists }) => gists);
  const chosen = chooseCurrent(all, stamps);
  const counting = new Set([...chosen.values()].flatMap(({ gist }) => gist ?? []));
  const mismatches = all.filter((it) => !counting.has(it)).flatMap((it) => it.mismatches);
  const recipes = read
    .map(({ files, gists }) =>
      gists.flatMap((gist, i) =>
        counting.has(gist)
          ? [{ ...(files[i] as FoundSigdata), recipe: gist.recipe, sigdata: gist.sigdata } satisfies ChosenSigdata]
          : [],
      ),
    )
    .filter((files) => files.length > 0);
  return {
    recipes,
    files: counting.size,
    older: all.length - counting.size,
    mismatches,
    ...describeChoice(all, chosen),
  };
}

interface GistOfFile extends SigdataGist {
  readonly sigdata: SigdataContent;
  readonly recipe: RecipeOfFile;
  readonly mismatches: readonly HashMismatch[];
}

/** Whether a task has several files, or a stamp with a hash that no file of it has; several places may be of one task. */
function needsChoice({ files, stamps }: FoundRecipe): boolean {
  const hashes = new Map<string, Set<string>>();
  const place = files[0]?.name.place;
  for (const { name } of files) {
    if (hashes.has(name.task) || name.place !== place) return true;
    hashes.set(name.task, new Set([name.hash]));
  }
  return stamps.some(({ stamp }) => hashes.get(stamp.task)?.has(stamp.hash) === false);
}

function gistsOf({ files }: FoundRecipe, reader: SigdataReader): GistOfFile[] {
  const named = files.map((it): NamedSigdata => ({ ...it, sigdata: reader.read(it.file) }));
  const recipes = recipesOf(named);
  const counts = new Map<string, number>();
  const pnids = named.map(({ name }, i) => pnidOf(recipes[i] as RecipeOfFile, name.task));
  for (const pnid of pnids) counts.set(pnid, (counts.get(pnid) ?? 0) + 1);
  const gists: GistOfFile[] = [];
  for (const [i, { file, name, sigdata }] of named.entries()) {
    const pnid = pnids[i] as string;
    const { hashed } = sigdata;
    const found = (counts.get(pnid) ?? 0) > 1 ? sigdata.wrong : [];
    gists.push({
      file,
      pnid,
      recipe: recipes[i] as RecipeOfFile,
      sigdata,
      time: statSync(file).mtimeMs,
      hash: name.hash,
      stated: hashed === undefined ? undefined : { taskhash: hashed.taskhash, depid: hashed.depid },
      deps: hashed?.deps ?? [],
      isForeign: hashed !== undefined && found.length > 0,
      mismatches: found.map((it) => ({ file, task: pnid, ...it })),
    });
  }
  return gists;
}

/** The stamps of a recipe's tasks; their configuration is that of the files beside them. */
function stampsOfRecipe({ files, stamps }: FoundRecipe, gists: readonly GistOfFile[]): readonly StampOfTask[] {
  const recipes = new Map<string, RecipeOfFile>();
  gists.forEach(({ recipe }, i) => {
    const { place, task } = (files[i] as FoundSigdata).name;
    recipes.set(place, recipe).set(`${place}\0${task}`, recipe);
  });
  const found: StampOfTask[] = [];
  for (const { file, stamp } of stamps) {
    const { place, task, hash } = stamp;
    const recipe = recipes.get(`${place}\0${task}`) ?? recipes.get(place);
    const time = timeOf(file);
    if (recipe !== undefined && time !== undefined) found.push({ pnid: pnidOf(recipe, task), hash, time });
  }
  return found;
}

/** Milliseconds since 1970; `undefined` if it is gone since: a build is running. Without promises, which take longer than the look. */
function timeOf(file: string): number | undefined {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}

function describeChoice(gists: readonly SigdataGist[], chosen: ReadonlyMap<string, CurrentFile>) {
  const groups = new Map<string, SigdataGist[]>();
  for (const gist of gists) groups.set(gist.pnid, [...(groups.get(gist.pnid) ?? []), gist]);
  const ofTask = new Map<string, readonly SignatureFile[]>();
  const missing = new Map<string, string>();
  const told = { stamp: [] as string[], age: [] as string[], foreign: [] as string[] };
  for (const [pnid, files] of groups) {
    const { gist: current, hash, by } = chosen.get(pnid) as CurrentFile;
    if (current === undefined) missing.set(pnid, hash);
    else if (files.length > 1) ofTask.set(current.file, filesOfTask(files, current));
    if (files.length > 1 && files.some(({ isForeign }) => isForeign)) told.foreign.push(pnid);
    if (files.filter(({ isForeign }) => !isForeign).length > 1 && current !== undefined) told[by].push(pnid);
  }
  return {
    ofTask,
    missing,
    assumed: [
      ...sentence(
        told.stamp,
        "the one that counts is told by the newest stamps, and by the hashes in the files of tasks above",
      ),
      ...sentence(told.age, "no stamp tells which, and the newest counts"),
      ...sentence(told.foreign, "those that a worker with other metadata than the server wrote are passed over"),
    ],
    unknown:
      missing.size === 0
        ? []
        : [
            `signatures of ${missing.size} ${missing.size === 1 ? "task" : "tasks"} of which stamps tell a hash that no file has, as restored and covered tasks write none: ${someOf([...missing.keys()])}`,
          ],
  };
}

function filesOfTask(files: readonly SigdataGist[], current: SigdataGist): SignatureFile[] {
  const list = files.map((gist): SignatureFile => {
    const { file, isForeign, stated } = gist;
    return { file, isCurrent: gist === current, isForeign, taskhash: stated?.taskhash, depid: stated?.depid };
  });
  return [...list.filter((it) => it.isCurrent), ...list.filter((it) => !it.isCurrent)];
}

function sentence(tasks: readonly string[], what: string): string[] {
  if (tasks.length === 0) return [];
  const of = tasks.length === 1 ? "1 task" : `${tasks.length} tasks`;
  return [`of the signature files of ${of} that ${tasks.length === 1 ? "has" : "have"} several: ${what}`];
}

function someOf(names: readonly string[]): string {
  return `${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}`;
}
