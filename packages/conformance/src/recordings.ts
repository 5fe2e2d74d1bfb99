import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { byCodePoint, outsideReason } from "@depid/hash";
import { RecordingError } from "./errors.ts";
import { type RecordingKind, recognizeFile } from "./recognize.ts";

/** A file that holds a recording of real BitBake. */
export interface Recording {
  /** As asked for; for a file found in a folder, that folder's with the way to it. */
  readonly path: string;
  readonly kind: RecordingKind;
}

/**
 * The recordings in these files and folders, in the order asked; within a folder at any depth, by code point. What is
 * no recording (a README, say) is passed over in a folder, and so are hidden entries, `node_modules` and links.
 *
 * @throws {RecordingError} when a file asked for is missing or no recording, or a folder has none
 */
export async function findRecordings(paths: readonly string[]): Promise<readonly Recording[]> {
  const found = new Map<string, Recording>();
  for (const path of paths) {
    const recordings = (await isFolder(path)) ? await findInFolder(path) : [await getRecording(path)];
    for (const recording of recordings) found.set(recording.path, recording);
  }
  return [...found.values()];
}

async function getRecording(path: string): Promise<Recording> {
  const kind = await recognizeFile(path);
  if (kind !== undefined) return { path, kind };
  throw new RecordingError(
    path,
    "not a recording: expected a scenario, an output hash vector, a history or a conversation",
  );
}

async function findInFolder(folder: string): Promise<readonly Recording[]> {
  const recordings: Recording[] = [];
  for (const path of await listFiles(folder)) {
    const kind = await recognizeFile(path);
    if (kind !== undefined) recordings.push({ path, kind });
  }
  if (recordings.length === 0) throw new RecordingError(folder, "no recordings in this folder");
  return recordings;
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => byCodePoint(a.name, b.name));
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await listFiles(path)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new RecordingError(path, missing ? "no such file or folder" : `cannot be read: ${outsideReason(cause)}`, {
      cause,
    });
  }
}
