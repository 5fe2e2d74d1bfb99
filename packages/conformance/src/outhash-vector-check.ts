import {
  computeOutHash,
  createMemoryTree,
  FileMapError,
  type OutHashMethod,
  OutHashSettingsError,
  type OutputTree,
  outHash2018,
  outHashBasic,
  UndecodableNameError,
  UnknownOwnerError,
} from "@depid/sstate";
import { type OutHashVector, vectorObjects, vectorSettings } from "./outhash-vector.ts";
import { AGREES, type Verdict } from "./verdict.ts";

/** Variables whose part in the output hash is known, or known to be none. */
const KNOWN_VARIABLES: ReadonlySet<string> = new Set([
  "SSTATE_PKGSPEC",
  "SOURCE_DATE_EPOCH",
  "HASHEQUIV_HASH_VERSION",
  "HASHEQUIV_EXTRA_SIGDATA",
  "SSTATE_HASHEQUIV_FILEMAP",
  "TMPDIR",
  "COREBASE",
]);

/** Our errors by the name of Python's exception. */
const EXCEPTIONS: Readonly<Record<string, new (...args: never[]) => Error>> = {
  Exception: UnknownOwnerError,
  OverflowError: OutHashSettingsError,
  TypeError: OutHashSettingsError,
  UnicodeEncodeError: UndecodableNameError,
  ValueError: OutHashSettingsError,
};

/**
 * Compares what `@depid/sstate` says about a tree with what BitBake said, and with the method of 2018 where that is
 * recorded.
 *
 * @param tree where the vector's tree is, by default in memory; a test may put it on disk
 */
export async function checkOutHashVector(
  vector: OutHashVector,
  tree: OutputTree = createMemoryTree("/output", vectorObjects(vector, "/output")),
): Promise<Verdict> {
  const unknown = Object.keys(vector.variables).find((name) => !KNOWN_VARIABLES.has(name));
  if (unknown !== undefined) return { verdict: "awaits", missing: `variable ${unknown} in the output hash` };
  const { expected } = vector;
  if ("raises" in expected) return checkRaises(vector, expected.raises, tree);
  const { siginfo, outhash, rfc2018 } = expected;
  try {
    const today = await differenceIn("siginfo", outHashBasic, { text: siginfo, digest: outhash }, vector, tree);
    const difference = today ?? (rfc2018 && (await differenceIn("rfc2018_text", outHash2018, rfc2018, vector, tree)));
    return difference === undefined ? AGREES : { verdict: "differs", difference };
  } catch (error) {
    // Python took the regular expression, and we refuse it: then there is no outhash, rather than a wrong one.
    if (error instanceof FileMapError) return { verdict: "awaits", missing: error.message };
    throw error;
  }
}

async function checkRaises(vector: OutHashVector, exception: string, tree: OutputTree): Promise<Verdict> {
  const kind = EXCEPTIONS[exception];
  if (kind === undefined) return { verdict: "awaits", missing: `an error that stands for ${exception}` };
  try {
    const { outhash } = await computeOutHash(tree, outHashBasic, vectorSettings(vector));
    return { verdict: "differs", difference: `raises: expected ${exception}, found outhash ${outhash}` };
  } catch (error) {
    if (error instanceof kind) return AGREES;
    return { verdict: "differs", difference: `raises: expected ${exception}, found ${messageOf(error)}` };
  }
}

async function differenceIn(
  field: string,
  method: OutHashMethod,
  expected: { readonly text: string; readonly digest: string },
  vector: OutHashVector,
  tree: OutputTree,
): Promise<string | undefined> {
  try {
    const { text, outhash } = await computeOutHash(tree, method, vectorSettings(vector));
    if (text !== expected.text) return lineDifference(field, expected.text, text);
    return outhash === expected.digest
      ? undefined
      : `digest of the ${field}: expected ${expected.digest}, found ${outhash}`;
  } catch (error) {
    if (error instanceof FileMapError) throw error;
    return `${field}: expected a text, found ${messageOf(error)}`;
  }
}

/** The first line in which two texts differ; the texts must differ. */
function lineDifference(field: string, expected: string, found: string): string {
  const [wanted, got] = [expected.split("\n"), found.split("\n")];
  const at = wanted.findIndex((line, i) => line !== got[i]);
  const line = at === -1 ? wanted.length : at;
  return `line ${line + 1} of the ${field}: expected ${shown(wanted[line])}, found ${shown(got[line])}`;
}

function shown(line: string | undefined): string {
  return line === undefined ? "the end" : JSON.stringify(line);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
