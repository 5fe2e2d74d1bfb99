import {
  type DepId,
  formatTaskName,
  isDepId,
  isOldHash,
  parseTaskHash,
  TASK_PREFIX,
  type TaskHash,
  type Tid,
} from "@depid/hash";
import type { LockedSignatures } from "@depid/siggen";
import type { Capture } from "@depid/task-graph";
import { BitbakeFileError, excerptOf } from "./file-error.ts";
import { type LockStatements, readLockStatements } from "./lock-statements.ts";

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
  /** Whether BitBake goes by it; null if the file does not tell. */
  readonly effective: boolean | null;
  /** Why it does nothing, or why that is not known; null if it is in force. */
  readonly why: string | null;
}

/** A group of locked signatures. */
export interface LockGroup {
  readonly name: string;
  /** Signatures of the file in it. */
  readonly signatures: number;
  /** Whether SIGGEN_LOCKEDSIGS_TYPES names it; null if the file does not tell. */
  readonly named: boolean | null;
}

/** What `locked-sigs.inc` says. */
export interface LockedSigs {
  readonly rows: readonly LockRow[];
  /** Groups of the file, in its order, then those that SIGGEN_LOCKEDSIGS_TYPES names and the file does not have. */
  readonly groups: readonly LockGroup[];
  /** SIGGEN_UNLOCKED_RECIPES: recipes whose locks do nothing, nor those of recipes that hash tasks of them. */
  readonly unlocked: readonly string[];
  /** For which machine `effective` is told; `undefined`: for any. */
  readonly machine: string | undefined;
  /** What the file does not tell: sentences. */
  readonly unknown: readonly string[];
  /** Statements about anything else than locks and the machine: they were passed over. */
  readonly otherStatements: number;
}

/**
 * Reads `locked-sigs.inc`, as `bitbake -S lockedsigs` writes it: SIGGEN_LOCKEDSIGS_<group> with `PN:TASK:HASH`, SIGGEN_LOCKEDSIGS_TYPES with the groups that
 * count, SIGGEN_UNIHASHMAP with `PN:TASK:TASKHASH:DEPID`, SIGGEN_UNLOCKED_RECIPES. A group that TYPES does not name does nothing; of two locks of
 * one task the last counts, in the order of TYPES (signatures.md section 2).
 *
 * @param machine whose override of SIGGEN_LOCKEDSIGS_TYPES counts; default: MACHINE, if the file sets it, or that of the file, if there is but one
 * @throws {BitbakeFileError} naming source and line
 */
export function parseLockedSigs(lines: Iterable<string>, source: string, machine?: string): LockedSigs {
  const all = [...lines];
  const statements = readLockStatements(all, source);
  const chosen = chooseTypes(statements, machine);
  const named = chosen.names === undefined ? undefined : new Set(chosen.names);
  const isNamed = (group: string) => (named === undefined ? null : named.has(group) || (chosen.isWhole ? false : null));
  const open = new Set<string>();
  const closed = (words: readonly string[]) =>
    words.filter((word) => {
      if (word.includes("$")) open.add(word);
      return !word.includes("$");
    });
  const read = (word: string, group?: string) => {
    const row = rowOf(word, group);
    if (typeof row !== "string") return row;
    throw new BitbakeFileError(source, all.findIndex((line) => line.includes(word)) + 1, row);
  };
  const variables = statements.of(chosen.machine ?? machine);
  const unlocked = closed(variables.unlocked);
  const groups = [...variables.groups].map(([name, words]) => ({ name, words: closed(words), named: isNamed(name) }));
  const signatures = groups.flatMap(({ name, words, named: counts }) =>
    words.map((word) => ({ ...read(word, name), counts })),
  );
  const rank = new Map((chosen.names ?? []).map((name, at) => [name, at]));
  const last = new Map<string, (typeof signatures)[number]>();
  for (const row of signatures) {
    const other = last.get(formatTaskName(row));
    if (row.counts && (other === undefined || (rank.get(other.group) ?? 0) <= (rank.get(row.group) ?? 0)))
      last.set(formatTaskName(row), row);
  }
  const map = closed(variables.unihashmap).map((word) => read(word));
  const lastOfMap = new Map(map.map((row) => [formatTaskName(row), row]));
  return {
    rows: [
      ...signatures.map(({ counts, ...row }, at) => {
        const winner = last.get(formatTaskName(row));
        const why =
          counts === false
            ? "SIGGEN_LOCKEDSIGS_TYPES does not name its group"
            : unlocked.includes(row.pn)
              ? "SIGGEN_UNLOCKED_RECIPES names its recipe"
              : counts === true && winner !== signatures[at]
                ? `the task is locked again, in ${winner?.group}`
                : null;
        const isUnclear = counts === null && why === null;
        return { ...row, effective: isUnclear ? null : why === null, why: isUnclear ? chosen.doubt : why };
      }),
      ...map.map((row) => {
        const isLast = lastOfMap.get(formatTaskName(row)) === row;
        return {
          ...row,
          effective: isLast,
          why: isLast ? null : "SIGGEN_UNIHASHMAP has the task again: the last counts",
        };
      }),
    ],
    groups: [
      ...groups.map(({ name, words, named: counts }) => ({ name, signatures: words.length, named: counts })),
      ...(chosen.names ?? [])
        .filter((name) => !variables.groups.has(name) && !name.includes("$"))
        .map((name) => ({ name, signatures: 0, named: true })),
    ],
    unlocked,
    machine: machine ?? chosen.machine,
    unknown: [
      ...(chosen.doubt === null ? [] : [chosen.doubt]),
      ...statements.includes.map((it) => `locks of ${it}, which the file includes: that is not read here`),
      ...(open.size === 0 ? [] : [`locks of ${[...open].join(" ")}: that is not expanded`]),
    ],
    otherStatements: statements.others,
  };
}

interface ChosenTypes {
  /** `undefined`: not known. */
  readonly names: readonly string[] | undefined;
  /** Whether they are all. */
  readonly isWhole: boolean;
  readonly machine: string | undefined;
  readonly doubt: string | null;
}

/** Which value of SIGGEN_LOCKEDSIGS_TYPES counts. */
function chooseTypes(statements: LockStatements, wanted: string | undefined): ChosenTypes {
  const { typesFor } = statements;
  const overrides = typesFor.filter((it) => it !== "");
  const machine = wanted ?? statements.machine ?? (overrides.length === 1 ? overrides[0] : undefined);
  const unclear = (doubt: string): ChosenTypes => ({ names: undefined, isWhole: false, machine: undefined, doubt });
  if (typesFor.length === 0)
    return unclear(
      "which groups count: the file does not set SIGGEN_LOCKEDSIGS_TYPES; unless another file does, no signature is in force",
    );
  if (machine === undefined && overrides.length > 1)
    return unclear(
      `which groups count: SIGGEN_LOCKEDSIGS_TYPES is set for ${overrides.join(", ")}; --machine says which of them`,
    );
  const family = overrides.filter((it) => machine !== undefined && isFamilyOf(machine, it));
  if (!overrides.includes(machine ?? "") && family.length > 0)
    return unclear(
      `which groups count: SIGGEN_LOCKEDSIGS_TYPES is set for ${family.join(", ")}, and MACHINEOVERRIDES of ${machine} may have that; --machine ${family[0]} takes it as set`,
    );
  const { types: names } = statements.of(machine);
  if (names === undefined) return { names: [], isWhole: true, machine, doubt: null }; // set for other machines only: nothing counts
  const open = names.filter((it) => it.includes("$"));
  const doubt =
    open.length === 0
      ? null
      : `which groups count: SIGGEN_LOCKEDSIGS_TYPES names ${open.join(" ")}, which is not expanded`;
  return { names, isWhole: open.length === 0, machine, doubt };
}

/** Whether an override may be of a family of machines, as `qemuall` is of `qemuarm`, and `raspberrypi4` of `raspberrypi4-64`. */
function isFamilyOf(machine: string, override: string): boolean {
  if (machine === override) return false;
  return machine.startsWith(override) || (override.endsWith("all") && machine.startsWith(override.slice(0, -3)));
}

type BareRow = Omit<LockRow, "effective" | "why">;

/** A row, or what is wrong with the word. */
function rowOf(word: string, group: string | undefined): BareRow | string {
  const parts = word.split(":");
  const [pn = "", task = "", first = "", second] = parts;
  const isMap = group === undefined;
  const hashes = isMap ? [first, second] : [first];
  if (
    parts.length !== (isMap ? 4 : 3) ||
    pn === "" ||
    !task.startsWith(TASK_PREFIX) ||
    !hashes.every((it) => isDepId(it) || isOldHash(it ?? ""))
  )
    return `expected ${isMap ? "PN:TASK:TASKHASH:DEPID" : "PN:TASK:HASH"}, found ${excerptOf(word)}`;
  return isMap
    ? { kind: "depid", group: "", pn, task, taskhash: first, depid: second as string }
    : { kind: "signature", group, pn, task, taskhash: null, depid: first };
}

/**
 * What the locks mean for the tasks of a capture, as `lockSignatures` of `@depid/siggen` takes it (signatures.md section 2). Locks that are not in
 * force are passed over; of what the file does not tell, all counts.
 *
 * @returns also the locks of tasks that the capture does not have, and those with hashes of 32 digits, which a capture cannot hold
 */
export function lockedSignaturesOf(
  { rows }: LockedSigs,
  capture: Capture,
): { readonly locked: LockedSignatures; readonly unused: readonly LockRow[] } {
  const tids = new Map<string, Tid[]>();
  for (const { tid, pn, task } of capture.tasks) {
    const name = formatTaskName({ pn, task });
    const others = tids.get(name);
    if (others === undefined) tids.set(name, [tid]);
    else others.push(tid);
  }
  const taskhashes = new Map<Tid, TaskHash>();
  const depids = new Map<Tid, ReadonlyMap<TaskHash, DepId>>();
  const unused: LockRow[] = [];
  for (const row of rows) {
    if (row.effective === false) continue;
    const named = tids.get(formatTaskName(row)) ?? [];
    const isOld = isOldHash(row.depid) || isOldHash(row.taskhash ?? "");
    if (named.length === 0 || isOld) unused.push(row);
    if (isOld) continue;
    for (const tid of named) {
      if (row.taskhash === null) taskhashes.set(tid, parseTaskHash(row.depid));
      // Of several depids for one task BitBake keeps the last, whatever taskhash it is for.
      else depids.set(tid, new Map([[parseTaskHash(row.taskhash), row.depid as DepId]]));
    }
  }
  return { locked: { taskhashes, depids }, unused };
}
