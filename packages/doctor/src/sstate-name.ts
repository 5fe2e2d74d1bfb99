import { findSstateName } from "@depid/bitbake";
import type { SstateFile } from "./sstate-survey.ts";

/** What Python's `tempfile` appends to a name. */
const DRAFT = /^(.+)[a-z0-9_]{8}$/;
/** What it calls folders. */
const DRAFT_FOLDER = /(?:^|\/)tmp[a-z0-9_]{8}\//;
/** An object, or its siginfo, of a release before 3.0 (zeus), whose hashes have 32 digits. */
const OLD_NAME = /^sstate[-:].+[-:_][0-9a-f]{32}_\w+\.(?:tgz|tar\.\w+)(\.siginfo)?$/;

/**
 * What a file of an sstate directory is, by its path. Tasks store an object, and its signature, under a name in the making first:
 * the object's with eight letters behind it, or `sigtask.` with some, or in a folder of eight letters.
 *
 * @param path relative to the directory
 */
export function classifySstatePath(path: string): Pick<SstateFile, "kind" | "name"> {
  const file = path.slice(path.lastIndexOf("/") + 1);
  if (file.startsWith("sigtask.") || DRAFT_FOLDER.test(path)) return { kind: "draft" };
  const found = findSstateName(file);
  if (found === undefined) {
    const old = OLD_NAME.exec(file);
    if (old !== null) return { kind: old[1] === undefined ? "old-object" : "other" };
    const whole = DRAFT.exec(file)?.[1];
    return { kind: whole !== undefined && findSstateName(whole)?.part === "object" ? "draft" : "other" };
  }
  const { pn, task, depid, version } = found.name;
  return {
    kind: found.part === "sig" ? "signature" : found.part,
    name: { recipe: pn, task: task.replace(/^do_/, ""), depid, version },
  };
}
