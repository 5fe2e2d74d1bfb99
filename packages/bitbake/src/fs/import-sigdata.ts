import { setImmediate } from "node:timers/promises";
import { assumedSettings, type CapturedTask, type CaptureHeader } from "@depid/task-graph";
import {
  type NamedSigdata,
  type SigdataContext,
  type SigdataCounts,
  SigdataImporter,
  sigdataLimits,
} from "../sigdata-import.ts";
import { stampsOf } from "./build-stamps.ts";
import { readSigdata } from "./read-sigdata.ts";
import { type FoundSigdata, findSigdata, type SigdataFiles } from "./sigdata-files.ts";

export interface SigdataImport {
  /** To be told before the tasks. */
  readonly header: CaptureHeader;
  /** How many files will be read. */
  readonly files: number;
  /** Reads the files, a recipe at a time. */
  readonly tasks: AsyncIterable<CapturedTask>;
  /** What it came to: whole when `tasks` has ended. */
  readonly counts: () => SigdataCounts;
}

export interface SigdataImportOptions extends SigdataContext {
  readonly signal?: AbortSignal;
  /** Told after each recipe. */
  readonly onProgress?: (read: number, files: number) => void;
}

/**
 * Imports signature files as the tasks of a capture, without having more than one recipe's in memory.
 *
 * @param inputs signature files, folders with such files at any depth, and build directories, of which only the stamps count
 * @throws {BuildInputError} when something named is not there or holds no signature files
 * @throws {BitbakeFileError} when a file cannot be read, while `tasks` is iterated over
 */
export async function importSigdata(
  inputs: readonly string[],
  options: SigdataImportOptions = {},
): Promise<SigdataImport> {
  const found = await findSigdata((await Promise.all(inputs.map(stampsOf))).flat());
  const importer = new SigdataImporter(options);
  const limits = sigdataLimits(options, namesOf(found.recipes));
  const older =
    found.older === 0 ? [] : [`of ${found.older} tasks' files that are older than another: the newest counts`];
  return {
    header: {
      origin: { tool: "depid import sigdata", source: inputs.join(" ") },
      unknown: limits.unknown,
      assumed: [...limits.assumed, ...older],
      settings: assumedSettings,
    },
    files: found.files,
    tasks: readTasks(found, importer, options),
    counts: () => ({ ...importer.counts, older: found.older + importer.counts.older }),
  };
}

async function* readTasks(
  { recipes, files: total }: SigdataFiles,
  importer: SigdataImporter,
  { signal, onProgress }: SigdataImportOptions,
): AsyncGenerator<CapturedTask> {
  let read = 0;
  for (const files of recipes) {
    signal?.throwIfAborted();
    const named: NamedSigdata[] = [];
    for (const { file, name } of files) named.push({ file, name, sigdata: await readSigdata(file) });
    yield* importer.addRecipe(named);
    read += files.length;
    onProgress?.(read, total);
    await setImmediate(); // signals and whoever writes the tasks have their turn
  }
}

function* namesOf(recipes: readonly (readonly FoundSigdata[])[]) {
  for (const files of recipes) for (const { name } of files) yield name;
}
