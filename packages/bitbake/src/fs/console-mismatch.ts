import { sha256Hex } from "@depid/hash";
import { type ConsoleMismatch, ConsoleMismatchReader } from "../console-mismatch.ts";
import { BitbakeFileError } from "../file-error.ts";
import type { Sigdata } from "../sigdata.ts";
import { baseHashText, checkSigdata } from "../sigdata-check.ts";
import { openInput } from "./build-input.ts";
import { stampsOf } from "./build-stamps.ts";
import { readSigdata } from "./read-sigdata.ts";
import { type FoundSigdata, findSigdata } from "./sigdata-files.ts";
import { readTextLines } from "./text-lines.ts";

/** What a console log says of hashes that came out otherwise. */
export interface LoggedMismatches {
  readonly mismatches: readonly ConsoleMismatch[];
  /** Numbers of lines that speak of one and are cut off. */
  readonly unread: readonly number[];
}

/**
 * The tasks of which a console log says that a hash came out otherwise when they were parsed again.
 *
 * @throws {BitbakeFileError} when it cannot be read, or has no line as BitBake prints them
 */
export async function readConsoleMismatches(log: string): Promise<LoggedMismatches> {
  const reader = new ConsoleMismatchReader();
  await readTextLines(log, (line) => reader.push(line), { otherBytes: "replaced", longLines: "cut" });
  if (!reader.isLog) {
    throw new BitbakeFileError(
      log,
      0,
      'expected a console log of BitBake: no line has "NOTE: ", "WARNING: " or "ERROR: "',
    );
  }
  return { mismatches: reader.mismatches, unread: reader.unread };
}

/** The signature files of one task with two metadata; `undefined`: none has the hash. */
export interface MismatchFiles {
  readonly server: string | undefined;
  readonly worker: string | undefined;
}

/**
 * Finds the files that hold what the hashes of a console log are of: by the names of files, then by what they hold.
 *
 * @param inputs as `importSigdata` takes them
 * @throws {BuildInputError} when there are no signature files
 * @throws {BitbakeFileError} when one cannot be read
 */
export async function findMismatchFiles(
  mismatches: readonly ConsoleMismatch[],
  inputs: readonly string[],
): Promise<ReadonlyMap<ConsoleMismatch, MismatchFiles>> {
  const { recipes } = await findSigdata(
    (await Promise.all(inputs.map(async (it) => stampsOf(await openInput(it))))).flat(),
  );
  const byTask = new Map<string, FoundSigdata[]>();
  for (const { files } of recipes) {
    for (const found of files) byTask.set(found.name.task, [...(byTask.get(found.name.task) ?? []), found]);
  }
  const result = new Map<ConsoleMismatch, MismatchFiles>();
  for (const mismatch of mismatches) {
    const [, file = "", task = ""] = /^(.*):([^:]+)$/s.exec(mismatch.tid) ?? [];
    const recipe = (file.split("/").at(-1) ?? "").replace(/(?:_.*)?\.bb$/, "");
    const files = byTask.get(task) ?? [];
    const near = files.filter(({ name }) => name.pn === undefined || name.pn.includes(recipe));
    const wanted = (side: "server" | "worker") => new Set(mismatch.claims.map((it) => it[side]));
    result.set(mismatch, {
      server: await find(files, near, wanted("server"), wanted("worker")),
      worker: await find(files, near, wanted("worker"), wanted("server")),
    });
  }
  return result;
}

async function find(
  files: readonly FoundSigdata[],
  near: readonly FoundSigdata[],
  wanted: ReadonlySet<string>,
  other: ReadonlySet<string>,
): Promise<string | undefined> {
  const named = files.filter(({ name }) => wanted.has(name.hash));
  for (const { file } of [...named, ...near]) {
    const hashes = hashesOf(await readSigdata(file));
    if (hashes.some((it) => wanted.has(it)) && !hashes.some((it) => other.has(it))) return file;
  }
  return undefined;
}

/** What the content of a file gives: not what it states, which of a worker's file is the server's. */
function hashesOf(sigdata: Sigdata): readonly string[] {
  const taskhash = checkSigdata(sigdata).find(({ hash }) => hash === "taskhash")?.computed ?? sigdata.hashed?.taskhash;
  return [sha256Hex(baseHashText(sigdata)), ...(taskhash === undefined ? [] : [taskhash])];
}
