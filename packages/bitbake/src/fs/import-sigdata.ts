import { setImmediate } from "node:timers/promises";
import type { Tid } from "@depid/hash";
import { assumedSettings, type CapturedTask, type CaptureHeader } from "@depid/task-graph";
import type { HashMismatch } from "../sigdata-check.ts";
import {
  type NamedSigdata,
  type SigdataContext,
  type SigdataCounts,
  SigdataImporter,
  sigdataLimits,
} from "../sigdata-import.ts";
import { openInput } from "./build-input.ts";
import { stampsOf } from "./build-stamps.ts";
import { type ChosenSigdata, chooseSigdata, type SigdataChoice, type SignatureFile } from "./choose-sigdata.ts";
import { describeOldNostamp, findOldNostamp, withoutFiles } from "./nostamp-files.ts";
import { SigdataReader } from "./read-sigdata.ts";
import { describeOld, findSigdata, withFiles } from "./sigdata-files.ts";
import { findSiginfo, locksInForce, sstateOf } from "./siginfo-of-build.ts";

export interface SigdataImport {
  /** To be told before the tasks. */
  readonly header: CaptureHeader;
  /** How many files will be read. */
  readonly files: number;
  /** Reads the files, a recipe at a time. */
  readonly tasks: AsyncIterable<CapturedTask>;
  /** What it came to: whole when `tasks` has ended. */
  readonly counts: () => SigdataCounts;
  /** The signature files of each task, the one that counts first: whole when `tasks` has ended. */
  readonly signatureFiles: () => ReadonlyMap<Tid, readonly SignatureFile[]>;
  /** Hash by name, `[mc:NAME:]PN:TASK`, of tasks of which no file has the hash that stamps tell: they are none of `tasks`. */
  readonly missing: ReadonlyMap<string, string>;
}

export interface SigdataImportOptions extends SigdataContext {
  readonly signal?: AbortSignal;
  /** Reads the files; where several builds are read, one reader parses once what they have in common. */
  readonly reader?: SigdataReader;
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
  const opened = await Promise.all(inputs.map(openInput));
  const own = await findSigdata((await Promise.all(opened.map(stampsOf))).flat());
  const reader = options.reader ?? (await SigdataReader.open());
  const restored = await findSiginfo(own, await sstateOf(opened), reader);
  const all = withFiles(own, restored);
  const old = findOldNostamp(all, reader);
  const found = withoutFiles(all, old);
  const choice = await chooseSigdata(found, reader, options.signal);
  const importer = new SigdataImporter(options);
  const limits = sigdataLimits(options, namesOf(choice.recipes));
  return {
    header: {
      origin: { tool: "depid import sigdata", source: inputs.join(" ") },
      unknown: [
        ...limits.unknown,
        ...(own.old.length === 0 ? [] : [describeOld(own.old)]),
        ...choice.unknown,
        ...describeOldNostamp(old),
        ...locksInForce(opened),
      ],
      assumed: [
        ...limits.assumed,
        ...(restored.length === 0
          ? []
          : [
              `signatures of tasks that wrote none, as they were restored or covered: those that SSTATE_DIR has for their hashes, ${restored.length} ${restored.length === 1 ? "file" : "files"}`,
            ]),
        ...choice.assumed,
      ],
      settings: assumedSettings,
    },
    files: choice.files,
    tasks: readTasks(choice, reader, importer, options),
    counts: () => {
      const { older, mismatches, ...counts } = importer.counts;
      return { ...counts, older: choice.older + older + old.length, mismatches: [...mismatches, ...choice.mismatches] };
    },
    signatureFiles: () => {
      const mismatches = new Map(importer.counts.mismatches.map((it) => [it.file, it]));
      return new Map(
        [...importer.files].map(([tid, file]) => [
          tid,
          choice.ofTask.get(file) ?? [onlyFile(file, mismatches.get(file))],
        ]),
      );
    },
    missing: choice.missing,
  };
}

async function* readTasks(
  { recipes, files: total }: SigdataChoice,
  reader: SigdataReader,
  importer: SigdataImporter,
  { signal, onProgress }: SigdataImportOptions,
): AsyncGenerator<CapturedTask> {
  let read = 0;
  for (const files of recipes) {
    signal?.throwIfAborted();
    yield* importer.addRecipe(
      files.map((it): NamedSigdata => ({ ...it, sigdata: it.sigdata ?? reader.read(it.file) })),
    );
    read += files.length;
    onProgress?.(read, total);
    await setImmediate(); // signals and whoever writes the tasks have their turn
  }
}

function* namesOf(recipes: readonly (readonly ChosenSigdata[])[]) {
  for (const files of recipes) for (const { name } of files) yield name;
}

function onlyFile(file: string, mismatch: HashMismatch | undefined): SignatureFile {
  const stated = mismatch?.hash === "taskhash" ? mismatch.stated : undefined;
  return { file, isCurrent: true, isForeign: mismatch !== undefined, taskhash: stated, depid: undefined };
}
