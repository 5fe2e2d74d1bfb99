import { type OutHash, parseOutHash } from "@depid/hash";
import { digestHex } from "./digest.ts";
import { createFileMapSet, type FileMapSet } from "./file-map.ts";
import type { OutHashMethod, OutHashSettings } from "./outhash-method.ts";
import type { ManifestEntry, OutputManifest, ScannedFile } from "./output-manifest.ts";
import type { OutputEntry, OutputFile, OutputTree } from "./output-tree.ts";

/** An output hash with what it is made from. */
export interface OutHashResult {
  readonly manifest: OutputManifest;
  /** Sent as `outhash_siginfo` when asked for. */
  readonly text: string;
  readonly outhash: OutHash;
}

/** Reads a tree, every content once, as a method needs it for this task. @throws {OutputReadError | UndecodableNameError} */
export async function scanOutput(
  tree: OutputTree,
  method: OutHashMethod,
  settings: OutHashSettings,
): Promise<OutputManifest> {
  const maps = createFileMapSet(method.fileMaps(settings), settings.task);
  const entries: ManifestEntry[] = [];
  for (const entry of method.arrange(await tree.entries()))
    entries.push(entry.type === "file" ? await scanFile(tree, method, maps, entry) : entry);
  return { entries };
}

/** Digest of a method's text. */
export function outHashOf(method: OutHashMethod, text: string): OutHash {
  return parseOutHash(digestHex(method.algorithm, text));
}

/** Reads a tree and tells its output hash. Throws what `scanOutput` and the method throw. */
export async function computeOutHash(
  tree: OutputTree,
  method: OutHashMethod,
  settings: OutHashSettings,
): Promise<OutHashResult> {
  const manifest = await scanOutput(tree, method, settings);
  const text = method.text(manifest, settings);
  return { manifest, text, outhash: outHashOf(method, text) };
}

async function scanFile(
  tree: OutputTree,
  method: OutHashMethod,
  maps: FileMapSet,
  file: OutputEntry & OutputFile,
): Promise<ScannedFile> {
  if (!maps.matches(file.path))
    return { ...file, digest: await tree.digest(file.path, method.algorithm), isMapped: false };
  const content = maps.remove(file.path, await tree.read(file.path), tree.root);
  return { ...file, digest: digestHex(method.algorithm, content), isMapped: true };
}
