import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { byCodePoint, type Tid } from "@depid/hash";
import { CAPTURE_FORMAT, type Capture, type CapturedTask, HISTORY_FORMAT } from "@depid/task-graph";
import { readCapture } from "@depid/task-graph/fs";
import { BuildInputError } from "../errors.ts";
import type { HashMismatch } from "../sigdata-check.ts";
import { isOldSigdataName, parseSigdataName } from "../sigdata-name.ts";
import type { SignatureFile } from "./choose-sigdata.ts";
import { readFirstLine } from "./first-line.ts";
import { importSigdata, type SigdataImportOptions } from "./import-sigdata.ts";
import { findStep, loadSteps } from "./load-steps.ts";

/** What may be said besides the input. */
export interface LoadBuildOptions extends SigdataImportOptions {
  /** Told of each hash in a signature file that is not the hash of its content. */
  readonly onMismatch?: (mismatch: HashMismatch) => void;
}

/** A build, with the signature files that it was read from, if it was. */
export interface LoadedBuild extends Capture {
  /** Of each task, the one that counts first. */
  readonly signatureFiles?: ReadonlyMap<Tid, readonly SignatureFile[]>;
  /** Hash by name of tasks of which no file has the hash that stamps tell. */
  readonly missing?: ReadonlyMap<string, string>;
}

/**
 * Turns anything that holds the signatures of one build into a capture:
 *
 * - a capture file;
 * - `HISTORY@STEP` or `HISTORY#STEP`: a history file and a step, by number or by the beginning of its commit's id. Taskhashes
 *   are computed as siggen's basichash does, so that depids are the taskhashes;
 * - signature files (`*.sigdata.*`, `*.sigbasedata.*`, `*.siginfo`), or folders with such files at any depth: stamps, sstate;
 * - a build directory, or a TMPDIR: the signature files among its stamps.
 *
 * @param input one of these, or several signature files and folders
 * @throws {BuildInputError} when it is none of these, or there is no such step
 * @throws {CaptureError | HistoryError} naming file, line and field
 * @throws {BitbakeFileError} when a signature file cannot be read
 */
export async function loadBuild(
  input: string | readonly string[],
  options: LoadBuildOptions = {},
): Promise<LoadedBuild> {
  if (typeof input !== "string")
    return input.length === 1 ? loadBuild(input[0] as string, options) : loadSigdata(input, options);
  const kind = await kindOf(input);
  if (kind === undefined) {
    const found = await findStep(input);
    if (found === undefined) throw new BuildInputError(input, "no such file or directory");
    const [capture] = await loadSteps(found.file, [found.step]);
    return capture as Capture;
  }
  const isSigdata = parseSigdataName(resolve(input)) !== undefined || isOldSigdataName(input);
  if (kind === "directory" || isSigdata) return loadSigdata([input], options);
  const line = await readFirstLine(input);
  if (line.includes(`"${CAPTURE_FORMAT}"`)) return readCapture(input);
  if (line.includes(`"${HISTORY_FORMAT}"`)) {
    throw new BuildInputError(input, `a history has many builds: name one as ${input}@STEP, by number or commit`);
  }
  throw new BuildInputError(
    input,
    "expected a capture, a step of a history (HISTORY@STEP), a signature file, or a folder that holds some",
  );
}

async function loadSigdata(inputs: readonly string[], options: LoadBuildOptions): Promise<LoadedBuild> {
  const { header, tasks, counts, signatureFiles, missing } = await importSigdata(inputs, options);
  const all: CapturedTask[] = [];
  for await (const task of tasks) all.push(task);
  for (const mismatch of counts().mismatches) options.onMismatch?.(mismatch);
  all.sort((a, b) => byCodePoint(a.tid, b.tid));
  return { header, tasks: all, signatureFiles: signatureFiles(), missing };
}

async function kindOf(path: string): Promise<"file" | "directory" | undefined> {
  return stat(path).then(
    (status) => (status.isDirectory() ? "directory" : "file"),
    () => undefined,
  );
}
