import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { byCodePoint, type Tid } from "@depid/hash";
import { computeSignatures, createBasicHash } from "@depid/siggen";
import {
  CAPTURE_FORMAT,
  type Capture,
  type CapturedTask,
  HISTORY_FORMAT,
  settingsAt,
  TaskGraph,
} from "@depid/task-graph";
import { readCapture, readHistory } from "@depid/task-graph/fs";
import { BuildInputError } from "../errors.ts";
import type { HashMismatch } from "../sigdata-check.ts";
import { isOldSigdataName, parseSigdataName } from "../sigdata-name.ts";
import type { SignatureFile } from "./choose-sigdata.ts";
import { readFirstLine } from "./first-line.ts";
import { importSigdata, type SigdataImportOptions } from "./import-sigdata.ts";

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
    const step = /^(.+)[@#]([0-9a-f]+)$/s.exec(input);
    if (step === null || (await kindOf(step[1] as string)) !== "file") {
      throw new BuildInputError(input, "no such file or directory");
    }
    return loadStep(step[1] as string, step[2] as string);
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

async function loadStep(file: string, wanted: string): Promise<Capture> {
  const { header, steps } = await readHistory(file);
  const byNumber = /^\d+$/.test(wanted) ? steps[Number(wanted)] : undefined;
  const found =
    byNumber ?? steps.find(({ id }) => wanted.length >= 7 && (id.startsWith(wanted) || wanted.startsWith(id)));
  if (found === undefined) {
    throw new BuildInputError(
      `${file}@${wanted}`,
      `no such step: expected a number from 0 to ${steps.length - 1}, or the first 7 digits or more of a step's commit`,
    );
  }
  const graph = new TaskGraph([]);
  for (const { change } of steps.slice(0, found.step + 1)) graph.apply(change);
  const signatures = await computeSignatures(graph, createBasicHash());
  const { settings, assumed } = settingsAt(steps, found.step);
  return {
    header: {
      origin: { ...header, source: `${file}@${found.step}`, commit: found.id, date: found.date },
      unknown: unknownOf(graph),
      assumed: ["depids: those of the generator basichash, the taskhashes"],
      ...(assumed ? {} : { settings }),
    },
    tasks: graph.tasks.map((task) => {
      const { taskhash, depid, depids } = signatures.get(task.tid);
      return { ...task, taskhash, depid, hashedDepids: depids, variables: task.variables };
    }),
  };
}

function unknownOf({ tasks }: TaskGraph): string[] {
  const without = tasks.filter(({ variables }) => variables === undefined).length;
  if (without === 0) return [];
  const which = without === tasks.length ? "" : ` of ${without} of ${tasks.length} tasks`;
  return [`variables${which}: the history has only the basehashes`];
}

async function kindOf(path: string): Promise<"file" | "directory" | undefined> {
  return stat(path).then(
    (status) => (status.isDirectory() ? "directory" : "file"),
    () => undefined,
  );
}
