import { byCodePoint } from "@depid/hash";

/** A file whose lines in two texts of output hashes differ. */
export interface OutHashDifference {
  /** As the text has it, `./usr/bin/m4`; of the lines above the files, what they say. */
  readonly path: string;
  /** `added` and `removed`, or which columns differ. */
  readonly what: readonly OutHashColumn[];
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export type OutHashColumn =
  | "added"
  | "removed"
  | "mode"
  | "owner"
  | "time"
  | "size"
  | "hash"
  | "target"
  | "setting"
  | "other";

interface Line {
  readonly mode: string;
  readonly owners: string;
  readonly numbers: readonly string[];
  readonly digest: string;
  readonly target: string;
  readonly text: string;
}

/**
 * Which files differ between two texts that an output hash method hashed: `temp/depsig.do_<task>`, or the `outhash_siginfo` of a server
 * (signatures.md section 6). Lines above the files are settings of the hash: version, SSTATE_PKGSPEC, task.
 *
 * @returns settings first, then files by code point; empty if the texts say the same
 */
export function diffOutHashTexts(before: string, after: string): readonly OutHashDifference[] {
  const [a, b] = [parse(before), parse(after)];
  const settings = diffHeads(a.head, b.head);
  const paths = [...new Set([...a.files.keys(), ...b.files.keys()])].sort(byCodePoint);
  return [
    ...settings,
    ...paths.flatMap((path): OutHashDifference[] => {
      const [old, young] = [a.files.get(path), b.files.get(path)];
      if (old?.text === young?.text) return [];
      return [{ path, what: columnsOf(old, young), before: old?.text, after: young?.text }];
    }),
  ];
}

/** Settings by their name, `task=…`; lines without one, such as the method and the version, by their order. */
function diffHeads(before: readonly string[], after: readonly string[]): OutHashDifference[] {
  const [olds, news] = [before.filter((it) => !after.includes(it)), after.filter((it) => !before.includes(it))];
  const nameOf = (line: string) => (line.includes("=") ? (line.split("=")[0] ?? "") : "");
  const differences = olds.map((old): OutHashDifference => {
    const at = news.findIndex((it) => nameOf(it) === nameOf(old));
    const [young] = at < 0 ? [undefined] : news.splice(at, 1);
    return { path: nameOf(old) || (young ?? old), what: ["setting"], before: old, after: young };
  });
  const added = news.map(
    (young): OutHashDifference => ({
      path: nameOf(young) || young,
      what: ["setting"],
      before: undefined,
      after: young,
    }),
  );
  return [...differences, ...added];
}

/** Whether a text is one that an output hash method makes: it begins with its name, or lists files. */
export function isOutHashText(text: string): boolean {
  return text.startsWith("OEOuthash") || parse(text).files.size > 0;
}

function columnsOf(before: Line | undefined, after: Line | undefined): readonly OutHashColumn[] {
  if (before === undefined) return ["added"];
  if (after === undefined) return ["removed"];
  const times = before.numbers.length > 1 || after.numbers.length > 1;
  const columns: [OutHashColumn, boolean][] = [
    ["mode", before.mode !== after.mode],
    ["owner", before.owners !== after.owners],
    ["time", times && before.numbers[0] !== after.numbers[0]],
    ["size", before.numbers.at(-1) !== after.numbers.at(-1)],
    ["hash", before.digest !== after.digest],
    ["target", before.target !== after.target],
  ];
  const found = columns.filter(([, differs]) => differs).map(([name]) => name);
  return found.length === 0 ? ["other"] : found;
}

const FILE = /^(\S.*?) (\.(?:\/.*)?)$/;
/** Of other files than links an arrow is in the name. */
const LINK = /^(\S.*?) (\.(?:\/.*?)?)(?: -> (.*))?$/;

function parse(text: string): { readonly head: readonly string[]; readonly files: ReadonlyMap<string, Line> } {
  const head: string[] = [];
  const files = new Map<string, Line>();
  for (const line of text.split("\n")) {
    const form = line.startsWith("l") ? LINK : FILE;
    const [, columns = "", path, target = ""] = form.exec(line) ?? [];
    if (path !== undefined && /^[-dcbslpf]/.test(columns)) files.set(path, lineOf(columns, target, line));
    else if (files.size === 0 && line !== "") head.push(line);
  }
  return { head, files };
}

function lineOf(columns: string, target: string, text: string): Line {
  const words = columns.split(/\s+/).filter((word) => word !== "");
  const digest = /^[0-9a-f]{32,}$/.test(words.at(-1) ?? "") ? (words.pop() ?? "") : "";
  const numbers: string[] = [];
  while (words.length > 1 && /^-?\d+$/.test(words.at(-1) ?? "") && numbers.length < 2)
    numbers.unshift(words.pop() ?? "");
  // Early texts have the letter of the type apart.
  const mode = words[0]?.length === 1 ? words.splice(0, 2).join(" ") : (words.shift() ?? "");
  return { mode, owners: words.join(" "), numbers, digest, target, text };
}
