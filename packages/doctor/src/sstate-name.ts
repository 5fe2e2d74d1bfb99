import type { SstateFile } from "./sstate-survey.ts";

/** PN, five fields that only inform but for the last, SSTATE_VERSION; hash, task, kind of archive; what follows. */
const NAME = /^sstate:([^:]*):(?:[^:]*:){4}([^:]*):([0-9a-f]{32,64})_([^.]+)\.(?:tar\.zst|tar\.gz|tgz)(.*)$/;
/** What Python's `tempfile` appends, and names folders by. */
const DRAFT = /^[a-z0-9_]{8}$/;
const DRAFT_FOLDER = /(?:^|\/)tmp[a-z0-9_]{8}\//;

/**
 * What a file of an sstate directory is, by its path (signatures.md section 5). Tasks store an object, and its signature, under a
 * name in the making first: the object's with eight letters behind it, or `sigtask.` with some, or in a folder of eight letters.
 *
 * @param path relative to the directory
 */
export function classifySstatePath(path: string): Pick<SstateFile, "kind" | "name"> {
  const file = path.slice(path.lastIndexOf("/") + 1);
  if (file.startsWith("sigtask.") || DRAFT_FOLDER.test(path)) return { kind: "draft" };
  const [, recipe, version, depid, task, rest] = NAME.exec(file) ?? [];
  if (recipe === undefined || version === undefined || depid === undefined || task === undefined)
    return { kind: "other" };
  const name = { recipe, task, depid, version };
  if (rest === "") return { kind: "object", name };
  if (rest === ".siginfo") return { kind: "siginfo", name };
  if (rest === ".sig") return { kind: "signature", name };
  return { kind: DRAFT.test(rest ?? "") ? "draft" : "other" };
}
