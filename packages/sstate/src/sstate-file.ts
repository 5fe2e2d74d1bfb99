import { OLD_HASH_PATTERN } from "@depid/hash";
import { type FoundObjectName, findObjectName } from "./find-object-name.ts";
import type { ObjectPart } from "./object-name.ts";

/**
 * What a file of an sstate directory is. `draft`: of a task that was storing an object, and should be gone soon; `download`: of fetching from a
 * mirror; `old-object`, `old-siginfo`: of a release before 3.0 (zeus), whose hashes have 32 digits.
 */
export type SstateFileKind = ObjectPart | "draft" | "download" | "old-object" | "old-siginfo" | "other";

/** What the path of a file tells. */
export interface SstateFileName {
  readonly kind: SstateFileKind;
  /** Of an object and what lies beside it. */
  readonly found?: FoundObjectName;
}

/** What Python's `tempfile` appends to a name, and what `mktemp` did in older releases. */
const DRAFT = /^(.+?)(?:[a-z0-9_]{8}|\.(?:\w{8}|tmp))$/;
/** What `tempfile` calls folders. */
const DRAFT_FOLDER = /(?:^|\/)tmp[a-z0-9_]{8}\//;
const DOWNLOAD = /\.(?:done|lock)$/;
const OLD = new RegExp(`^sstate[-:].+[-:_]${OLD_HASH_PATTERN}_\\w+\\.(?:tgz|tar\\.\\w+)(\\.siginfo)?$`);

/**
 * Tells what a file of an sstate directory is, by its path. Tasks store an object, and its signature, under a name in the making first: the
 * object's with eight letters behind it, or `sigtask.` with some, or in a folder of eight letters.
 *
 * @param path relative to the directory, "/" between folders
 */
export function classifySstateFile(path: string): SstateFileName {
  const file = path.slice(path.lastIndexOf("/") + 1);
  if (file.startsWith("sigtask.") || DRAFT_FOLDER.test(path)) return { kind: "draft" };
  const found = findObjectName(file);
  if (found !== undefined) return { kind: found.part, found };
  if (DOWNLOAD.test(file)) return { kind: "download" };
  const whole = DRAFT.exec(file)?.[1];
  if (whole !== undefined && findObjectName(whole) !== undefined) return { kind: "draft" };
  const old = OLD.exec(file);
  return { kind: old === null ? "other" : old[1] === undefined ? "old-object" : "old-siginfo" };
}
