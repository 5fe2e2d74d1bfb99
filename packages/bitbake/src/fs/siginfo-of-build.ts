import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { splitTaskName } from "@depid/hash";
import { formatObjectFolder, isDigitFolder } from "@depid/sstate";
import { parseSigdataName } from "../sigdata-name.ts";
import { type BuildInput, isDirectory } from "./build-input.ts";
import type { SigdataReader } from "./read-sigdata.ts";
import type { FoundSigdata, SigdataFiles } from "./sigdata-files.ts";

/**
 * Where build directories keep sstate: as their configuration says, or where it is if nothing does. Inputs of other kinds have none.
 */
export async function sstateOf(inputs: readonly BuildInput[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { path, conf } of inputs) {
    if (conf === undefined) continue;
    for (const folder of [conf.get("SSTATE_DIR").value, join(resolve(path), "sstate-cache")]) {
      if (folder !== undefined && folder !== "" && (await isDirectory(folder))) {
        found.add(folder);
        break;
      }
    }
  }
  return [...found];
}

/** A sentence for each build directory whose configuration locks signatures: what a lock holds back writes no file (signatures.md section 2). */
export function locksInForce(inputs: readonly BuildInput[]): readonly string[] {
  const found: string[] = [];
  for (const { conf } of inputs) {
    if (conf === undefined) continue;
    const { value, from, doubts } = conf.get("SIGGEN_LOCKEDSIGS_TYPES");
    if (value === "" && doubts.length === 0) continue;
    const what = doubts.length === 0 ? `is set (${from})` : `may be set (${doubts.join("; ")})`;
    found.push(
      `edits that locks keep from being built: SIGGEN_LOCKEDSIGS_TYPES ${what}, and a locked task that does not run writes no signatures; depid check-locks or "is computed to be" in a console log tell`,
    );
  }
  return found;
}

/**
 * The signatures of tasks that were restored: such tasks write no file among the stamps, but their stamps have the hash, and by it their
 * siginfo is found in sstate, where BitBake looks for it too (signatures.md section 5). It tells the hashes of what it was made from, and so
 * on down, as far as no file among the stamps has them.
 */
export async function findSiginfo(
  { recipes, bareStamps }: SigdataFiles,
  sstate: readonly string[],
  reader: SigdataReader,
): Promise<readonly FoundSigdata[]> {
  const known = new Map(recipes.flatMap(({ files }) => files.map((it) => [keyOf(it.name), it] as const)));
  const wanted = new Map<string, HashOfTask>();
  for (const { stamp } of [...recipes.flatMap(({ stamps }) => stamps), ...bareStamps])
    if (!known.has(keyOf(stamp))) wanted.set(keyOf(stamp), stamp);
  if (wanted.size === 0 || sstate.length === 0) return [];
  const roots = (await Promise.all(sstate.map(rootsOf))).flat();
  const found: FoundSigdata[] = [];
  for (const [key, it] of wanted) {
    const own = known.get(key);
    const file = own ?? (await lookUp(roots, it));
    if (file === undefined) continue;
    if (own === undefined) found.push(file);
    for (const { pnid, depid } of reader.read(file.file).hashed?.deps ?? []) {
      const dependency = { task: splitTaskName(pnid)?.task ?? "", hash: depid };
      wanted.set(keyOf(dependency), dependency);
    }
  }
  return found;
}

interface HashOfTask {
  /** With `do_`. */
  readonly task: string;
  readonly hash: string;
}

function keyOf({ task, hash }: HashOfTask): string {
  return `${task} ${hash}`;
}

/** The directory, and those in it for each distribution of hosts (`universal`): objects lie two levels below either. */
async function rootsOf(sstate: string): Promise<string[]> {
  const entries = await list(sstate);
  return [sstate, ...entries.filter((it) => !isDigitFolder(it)).map((it) => join(sstate, it))];
}

async function lookUp(roots: readonly string[], { task, hash }: HashOfTask): Promise<FoundSigdata | undefined> {
  for (const root of roots) {
    const folder = join(root, formatObjectFolder(hash));
    for (const entry of await list(folder)) {
      if (!entry.includes(hash)) continue;
      const file = join(folder, entry);
      const name = parseSigdataName(file);
      if (name?.task === task && name.hash === hash) return { file, name };
    }
  }
  return undefined;
}

/** Names in a folder; none where there is no such folder. */
async function list(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
