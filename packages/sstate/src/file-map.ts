import { compileShellPattern } from "./fnmatch.ts";
import { bytesOfLatin1, latin1Of, utf8AsLatin1 } from "./latin1.ts";
import { createBytesRemoval } from "./regex-removal.ts";
import { sstateTaskOf } from "./sstate-task.ts";

/** An entry of `SSTATE_HASHEQUIV_FILEMAP`: what to remove from which files before their content is digested. */
export interface FileMap {
  /** Without `do_`. */
  readonly task: string;
  /** Shell pattern for the path with its "./"; `*` matches "/" too. */
  readonly pattern: string;
  /** Literal text, or a Python regular expression behind "regex-". */
  readonly what: string;
}

/** The file maps of one task, ready for use. */
export interface FileMapSet {
  /** Whether the content of this file counts only without what is to be removed. */
  matches(path: string): boolean;
  /**
   * The content of a file without the path of the tree and without what each matching entry names.
   *
   * @throws {FileMapError} when an entry that matches holds a regular expression which is no valid one
   */
  remove(path: string, content: Uint8Array, root: string): Uint8Array;
}

/** Reads `SSTATE_HASHEQUIV_FILEMAP`. Entries without exactly three fields are passed over, as BitBake does. */
export function parseFileMaps(text: string): readonly FileMap[] {
  return text
    .split(/\s+/)
    .map((entry) => entry.split(":"))
    .filter((fields) => fields.length === 3)
    .map(([task = "", pattern = "", what = ""]) => ({ task, pattern, what }));
}

/**
 * What the maps say for a task. Removals are applied pattern by pattern, in the order in which the patterns first
 * appear: BitBake gathers the entries of equal patterns.
 */
export function createFileMapSet(maps: readonly FileMap[], task: string): FileMapSet {
  const removals = new Map<string, Removal[]>();
  for (const map of maps.filter((candidate) => candidate.task === sstateTaskOf(task))) {
    removals.set(map.pattern, [...(removals.get(map.pattern) ?? []), createRemoval(map.what)]);
  }
  const patterns = Array.from(removals, ([pattern, steps]) => ({ regex: compileShellPattern(pattern), steps }));
  return {
    matches: (path) => patterns.some(({ regex }) => regex.test(path)),
    remove: (path, content, root) => {
      const steps = patterns.filter(({ regex }) => regex.test(path)).flatMap((pattern) => pattern.steps);
      const text = latin1Of(content).replaceAll(utf8AsLatin1(root), "");
      return bytesOfLatin1(steps.reduce((rest, step) => step(rest), text));
    },
  };
}

/** Takes its part out of a text in the form of `latin1Of`. */
type Removal = (text: string) => string;

/** A regular expression is compiled when it is first needed: one that no file needs may be wrong, as in BitBake. */
function createRemoval(what: string): Removal {
  if (!what.startsWith("regex-")) return (text) => text.replaceAll(utf8AsLatin1(what), "");
  let removal: Removal | undefined;
  return (text) => {
    removal ??= createBytesRemoval(what.slice("regex-".length));
    return removal(text);
  };
}
