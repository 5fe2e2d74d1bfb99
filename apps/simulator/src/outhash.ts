import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { diffOutHashTexts, isOutHashText, type OutHashDifference } from "@depid/bitbake";
import { isSystemError } from "@depid/hash";
import {
  computeOutHash,
  type OutHashMethod,
  type OutHashSettings,
  OutputReadError,
  type OutputTree,
  outHashBasic,
  outHashOf,
  parseFileMaps,
  parseOutHashMethod,
} from "@depid/sstate";
import { createDirectoryTree, createInterfaceTree } from "@depid/sstate/fs";
import type { OuthashDocument } from "./documents/index.ts";

export interface OutHashFlags {
  readonly against?: string;
  readonly method: string;
  readonly task: string;
  readonly pkgspec: string;
  readonly hashVersion?: string;
  readonly extra?: string;
  readonly owners?: true;
  readonly sourceDateEpoch?: number;
  readonly filemap?: string;
  readonly json?: true;
}

const OUTHASH_FORMAT = "depid-outhash/1";
/** Entry of the output folder itself, which is the last line of an output without files. */
const ROOT_ONLY = /\ntask=[^\n]*\n[^\n]* \.\n?$/;

interface Output {
  readonly input: string;
  readonly text: string;
  readonly outhash: string;
}

/** Prints what is hashed of an output. Exit status 1 when another that was named has another outhash. */
export async function outhash(folder: string, flags: OutHashFlags): Promise<void> {
  const settings = settingsOf(flags);
  const method = parseOutHashMethod(flags.method);
  const read = (input: string) => readOutput(input, method, settings);
  const output = await read(folder);
  const other = flags.against === undefined ? undefined : await read(flags.against);
  const differences = other === undefined ? undefined : diffOutHashTexts(other.text, output.text);
  const assumed = [
    ...[output, ...(other === undefined ? [] : [other])]
      .filter(({ text }) => ROOT_ONLY.test(text))
      .map(({ input }) => `${JSON.stringify(input)}, which holds no file, is the whole output of the task`),
    ...assumedOf(flags),
  ];
  if (flags.json === true) {
    const document: OuthashDocument = {
      format: OUTHASH_FORMAT,
      method: method.name,
      ...output,
      assumed,
      ...(other === undefined || differences === undefined ? {} : { against: { ...other, differences } }),
    };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    process.stdout.write(
      `${[...describe(output, other, differences), ...assumed.map((it) => `assumed: ${it}`)].join("\n")}\n`,
    );
  }
  if (other !== undefined && other.outhash !== output.outhash) process.exitCode = 1;
}

function describe(output: Output, other: Output | undefined, differences: readonly OutHashDifference[] | undefined) {
  if (other === undefined || differences === undefined) return [`outhash ${output.outhash}`, "", output.text];
  if (other.outhash === output.outhash) return [`the same outhash ${output.outhash}`];
  return [
    `outhash of ${JSON.stringify(output.input)}: ${output.outhash}`,
    `outhash of ${JSON.stringify(other.input)}: ${other.outhash}`,
    `${differences.length} ${differences.length === 1 ? "difference" : "differences"}:`,
    ...differences.flatMap(({ path, what, before, after }) => [
      `  ${path} (${what.join(", ")})`,
      ...(before === undefined ? [] : [`    - ${before}`]),
      ...(after === undefined ? [] : [`    + ${after}`]),
    ]),
  ];
}

/** @throws {OutputReadError} naming what cannot be read as the user would: from the folder that was given */
async function readOutput(input: string, method: OutHashMethod, settings: OutHashSettings): Promise<Output> {
  const isText = await reading(input, async () => (await stat(input)).isFile());
  if (isText) {
    const text = await reading(input, () => readFile(input, "utf8"));
    if (!isOutHashText(text)) {
      throw new OutputReadError(
        input,
        "expected a folder, or a text that OEOuthashBasic makes (temp/depsig.do_<task>)",
      );
    }
    if (method.name !== outHashBasic.name) {
      throw new OutputReadError(input, `expected a folder: what ${method.name} sees cannot be told from this text`);
    }
    return { input, text, outhash: outHashOf(outHashBasic, text) };
  }
  const { text, outhash: hash } = await reading(input, () => computeOutHash(treeOf(input, method), method, settings));
  return { input, text, outhash: hash };
}

function treeOf(input: string, { seesSymbols }: OutHashMethod): OutputTree {
  const tree = createDirectoryTree(input);
  return seesSymbols === true ? createInterfaceTree(tree) : tree;
}

/** @throws {OutputReadError} in place of what the system reports, or what was read in the folder without its name */
async function reading<T>(input: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const { reasonOf } = await import("@depid/bitbake/fs");
    if (cause instanceof OutputReadError && isSystemError(cause.cause))
      throw new OutputReadError(join(input, cause.path), `cannot be read: ${reasonOf(cause.cause)}`, { cause });
    if (isSystemError(cause)) throw new OutputReadError(input, `cannot be read: ${reasonOf(cause)}`, { cause });
    throw cause;
  }
}

function settingsOf({
  task,
  pkgspec,
  hashVersion,
  extra,
  owners,
  sourceDateEpoch,
  filemap,
}: OutHashFlags): OutHashSettings {
  return {
    pkgSpec: pkgspec,
    task,
    underPseudo: owners === true,
    ...(hashVersion === undefined ? {} : { hashVersion }),
    ...(extra === undefined ? {} : { extraSigdata: extra }),
    ...(sourceDateEpoch === undefined ? {} : { sourceDateEpoch }),
    ...(filemap === undefined ? {} : { fileMaps: parseFileMaps(filemap) }),
  };
}

/** What BitBake hashes besides the output and was not given: without it the outhash is not BitBake's. */
function assumedOf({ method, pkgspec, hashVersion, owners }: OutHashFlags): string[] {
  return [
    ...(method === "basic" ? [] : [`BitBake of today hashes by basic, not by ${method}`]),
    ...(pkgspec === "" ? ["SSTATE_PKGSPEC is empty (--pkgspec): BitBake's outhash is another one"] : []),
    ...(hashVersion === undefined ? ["HASHEQUIV_HASH_VERSION is not set (--hash-version)"] : []),
    ...(owners === true ? [] : ["owners do not count (--owners)"]),
  ];
}
