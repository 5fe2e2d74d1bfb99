import { type DepId, isDepId, parseTaskHash, type TaskHash, type Tid } from "@depid/hash";
import type { LockedSignatures } from "@depid/siggen";
import type { Capture } from "@depid/task-graph";
import { BitbakeFileError, excerptOf } from "./file-error.ts";

/** A locked signature, or a depid that stands for a taskhash. One row of the table `locks`. */
export interface LockRow {
  /** From SIGGEN_LOCKEDSIGS: the hash that the task has whatever it does; from SIGGEN_UNIHASHMAP: a depid for a taskhash. */
  readonly kind: "signature" | "depid";
  /** Name of the group, such as `t-core2-64`; "" for the map. */
  readonly group: string;
  readonly pn: string;
  /** With `do_`. */
  readonly task: string;
  /** Null for locked signatures: what was locked is the depid that the task had. */
  readonly taskhash: string | null;
  readonly depid: string;
}

/** What `locked-sigs.inc` says. */
export interface LockedSigs {
  readonly rows: readonly LockRow[];
  /** Groups that SIGGEN_LOCKEDSIGS_TYPES names, by override ("" if there is none): only these count for a machine. */
  readonly types: ReadonlyMap<string, readonly string[]>;
}

const ASSIGNMENT =
  /^SIGGEN_(?:LOCKEDSIGS_(TYPES)(?::([\w-]+))?|LOCKEDSIGS_(t-[\w.+-]+)|(UNIHASHMAP))\s*(?:\?\??|\+|\.|:)?=\+?\s*"(.*)"\s*$/s;

/**
 * Reads the lines of `locked-sigs.inc`, as `bitbake -S lockedsigs` writes it: SIGGEN_LOCKEDSIGS_<group> with `PN:TASK:HASH`, SIGGEN_LOCKEDSIGS_TYPES, and
 * SIGGEN_UNIHASHMAP with `PN:TASK:TASKHASH:DEPID`. Comments are passed over; any other statement is refused.
 *
 * @throws {BitbakeFileError} naming source and line
 */
export function parseLockedSigs(lines: Iterable<string>, source: string): LockedSigs {
  const rows: LockRow[] = [];
  const types = new Map<string, readonly string[]>();
  for (const { line, text } of statementsOf(lines, source)) {
    const [, isTypes, override = "", group, , value = ""] = ASSIGNMENT.exec(text) ?? [];
    if (!ASSIGNMENT.test(text))
      throw new BitbakeFileError(
        source,
        line,
        `expected SIGGEN_LOCKEDSIGS_t-…, SIGGEN_LOCKEDSIGS_TYPES or SIGGEN_UNIHASHMAP = "…", found ${excerptOf(text)}`,
      );
    const words = value.split(/\s+/).filter((word) => word !== "");
    if (isTypes !== undefined) types.set(override, words);
    else for (const word of words) rows.push(rowOf(word, group, source, line));
  }
  return { rows, types };
}

function rowOf(word: string, group: string | undefined, source: string, line: number): LockRow {
  const parts = word.split(":");
  const [pn = "", task = "", first = "", second] = parts;
  const isMap = group === undefined;
  const hashes = isMap ? [first, second] : [first];
  if (parts.length !== (isMap ? 4 : 3) || pn === "" || !task.startsWith("do_") || !hashes.every(isDepId)) {
    const expected = isMap ? "PN:TASK:TASKHASH:DEPID" : "PN:TASK:HASH";
    throw new BitbakeFileError(source, line, `expected ${expected}, found ${excerptOf(word)}`);
  }
  return isMap
    ? { kind: "depid", group: "", pn, task, taskhash: first, depid: second as string }
    : { kind: "signature", group, pn, task, taskhash: null, depid: first };
}

/** Statements, with the number of their first line: a backslash at the end of a line goes on with the next. */
function* statementsOf(lines: Iterable<string>, source: string): Generator<{ line: number; text: string }> {
  let parts: string[] = [];
  let begin = 0;
  let line = 0;
  for (const content of lines) {
    line += 1;
    if (parts.length === 0) {
      if (content.trim() === "" || content.startsWith("#")) continue;
      begin = line;
    }
    const goesOn = content.endsWith("\\");
    parts.push(goesOn ? content.slice(0, -1) : content);
    if (goesOn) continue;
    yield { line: begin, text: parts.join(" ") };
    parts = [];
  }
  if (parts.length > 0)
    throw new BitbakeFileError(source, line, "the last line goes on, and there is none (truncated?)");
}

/**
 * What the locks mean for the tasks of a capture, as `lockSignatures` of `@depid/siggen` takes it (signatures.md section 2).
 *
 * @param machine whose groups count (the override of SIGGEN_LOCKEDSIGS_TYPES); default: all groups
 * @returns also the locks of tasks that the capture does not have
 */
export function lockedSignaturesOf(
  { rows, types }: LockedSigs,
  capture: Capture,
  machine?: string,
): { readonly locked: LockedSignatures; readonly unused: readonly LockRow[] } {
  const groups = machine === undefined ? undefined : new Set(types.get(machine) ?? types.get("") ?? []);
  const tids = new Map<string, Tid[]>();
  for (const { tid, pn, task } of capture.tasks) {
    const name = `${pn}:${task}`;
    const others = tids.get(name);
    if (others === undefined) tids.set(name, [tid]);
    else others.push(tid);
  }
  const taskhashes = new Map<Tid, TaskHash>();
  const depids = new Map<Tid, ReadonlyMap<TaskHash, DepId>>();
  const unused: LockRow[] = [];
  for (const row of rows) {
    if (row.kind === "signature" && groups !== undefined && !groups.has(row.group)) continue;
    const named = tids.get(`${row.pn}:${row.task}`) ?? [];
    if (named.length === 0) unused.push(row);
    for (const tid of named) {
      if (row.taskhash === null) taskhashes.set(tid, parseTaskHash(row.depid));
      // Of several depids for one task BitBake keeps the last, whatever taskhash it is for.
      else depids.set(tid, new Map([[parseTaskHash(row.taskhash), row.depid as DepId]]));
    }
  }
  return { locked: { taskhashes, depids }, unused };
}
