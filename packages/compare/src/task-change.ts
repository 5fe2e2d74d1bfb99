import { byCodePoint, type DepId, type Tid } from "@depid/hash";
import type { CapturedTask, FileChecksum, Task, Variable } from "@depid/task-graph";
import type { FileChange, OwnChange, VariableChange } from "./own-change.ts";
import type { Pairing } from "./pair.ts";

/** A task whose taskhash is another one, and why. */
export interface TaskChange {
  readonly name: string;
  readonly before: CapturedTask;
  readonly after: CapturedTask;
  /** What changed in its own inputs; empty if all came through dependencies. */
  readonly own: readonly OwnChange[];
  /** Dependencies with another taskhash whose depid, as it entered, is another one: the change came this way. */
  readonly through: readonly DependencyDepId[];
  /** Dependencies with another taskhash whose depid, as it entered, is the same: the change went no further this way. */
  readonly stopped: readonly string[];
}

/** Depids of one dependency, as they entered. */
export interface DependencyDepId {
  readonly name: string;
  readonly before: DepId;
  readonly after: DepId;
}

/**
 * Why a task that both captures have has another taskhash.
 *
 * @param pairing of the captures that the tasks are from
 */
export function explainChange(name: string, before: CapturedTask, after: CapturedTask, pairing: Pairing): TaskChange {
  const { unknown, through, stopped, listed } = compareDependencies(before, after, pairing);
  const own: OwnChange[] = [
    ...compareMetadata(before, after),
    ...compareFiles(before.files, after.files),
    ...(before.taint === after.taint ? [] : [{ kind: "taint", before: before.taint, after: after.taint } as const]),
    ...listed,
    ...unknown,
  ];
  if (own.length === 0 && through.length === 0) own.push({ kind: "unexplained" });
  return { name, before, after, own, through, stopped };
}

/** What became of the metadata in a basehash; by variable where both sides know theirs. */
export function compareMetadata(before: Task, after: Task): OwnChange[] {
  if (before.basehash === after.basehash) return [];
  const changes =
    before.variables === undefined || after.variables === undefined
      ? []
      : compareVariables(before.variables, after.variables);
  return changes.some((it) => it.change !== "dependencies") ? changes : [{ kind: "metadata" }];
}

/** What differs between two lists of variables, by code point of the name. */
function compareVariables(before: readonly Variable[], after: readonly Variable[]): VariableChange[] {
  const olds = new Map(before.map((it) => [it.name, it]));
  const news = new Map(after.map((it) => [it.name, it]));
  const changes: VariableChange[] = [];
  const add = (name: string, change: VariableChange["change"]) => {
    const isFunction = olds.has(`${name}[func]`) || news.has(`${name}[func]`);
    changes.push({ kind: "variable", name, change, before: olds.get(name), after: news.get(name), isFunction });
  };
  for (const [name, old] of olds) {
    const young = news.get(name);
    if (young === undefined) add(name, "removed");
    else if (young.value !== old.value) add(name, "text");
    else if (!sameList(old.deps, young.deps)) add(name, "dependencies");
  }
  for (const name of news.keys()) if (!olds.has(name)) add(name, "added");
  return changes.sort((a, b) => byCodePoint(a.name, b.name));
}

/** What became of the files that are hashed. */
export function compareFiles(before: readonly FileChecksum[], after: readonly FileChecksum[]): OwnChange[] {
  if (hashedText(before) === hashedText(after)) return [];
  const olds = checksumsByName(before);
  const news = checksumsByName(after);
  const changes: FileChange[] = [];
  for (const name of [...new Set([...olds.keys(), ...news.keys()])].sort(byCodePoint)) {
    const [gone, come] = withoutCommon(olds.get(name) ?? [], news.get(name) ?? []);
    for (let i = 0; i < Math.max(gone.length, come.length); i++) {
      const change = gone[i] === undefined ? "added" : come[i] === undefined ? "removed" : "checksum";
      changes.push({ kind: "file", name, change, before: gone[i], after: come[i] });
    }
  }
  return changes.length === 0 ? [{ kind: "order", of: "files" }] : changes;
}

/** Missing files contribute nothing, and of the names only those below a checksummed directory do. */
function hashedText(files: readonly FileChecksum[]): string {
  return files.map(([name, sum]) => (sum === null ? "" : `${name.startsWith("./") ? name : ""}${sum}`)).join("");
}

function checksumsByName(files: readonly FileChecksum[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, checksum] of files) {
    if (checksum === null) continue;
    const list = found.get(name);
    if (list === undefined) found.set(name, [checksum]);
    else list.push(checksum);
  }
  return found;
}

/** Both lists without what they share, however often. */
function withoutCommon(a: readonly string[], b: readonly string[]): [string[], string[]] {
  const left = [...b];
  const only = a.filter((it) => {
    const at = left.indexOf(it);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [only, left];
}

interface DependencyChanges {
  readonly listed: readonly OwnChange[];
  readonly unknown: readonly OwnChange[];
  readonly through: readonly DependencyDepId[];
  readonly stopped: readonly string[];
}

function compareDependencies(before: CapturedTask, after: CapturedTask, pairing: Pairing): DependencyChanges {
  const olds = namedDepIds(before, pairing.nameBefore);
  const news = namedDepIds(after, pairing.nameAfter);
  const listed: OwnChange[] = [];
  const unknown: OwnChange[] = [];
  const through: DependencyDepId[] = [];
  const stopped: string[] = [];
  const recipe = pairing
    .nameBefore(before.tid)
    .replace(/ \[.*\]$/s, "")
    .slice(0, -before.task.length);
  for (const name of [...new Set([...olds.keys(), ...news.keys()])].sort(byCodePoint)) {
    const was = olds.get(name);
    const is = news.get(name);
    if (was === undefined || is === undefined) {
      const change = was === undefined ? "added" : "removed";
      listed.push({ kind: "dependency", name, change, sameRecipe: name.startsWith(recipe) });
      continue;
    }
    const pair = pairing.pairs.get(name);
    const isChanged = pair?.before?.taskhash !== pair?.after?.taskhash;
    if (was === is) {
      if (isChanged) stopped.push(name);
    } else if (pair?.before === undefined || pair.after === undefined) {
      unknown.push({ kind: "unknown inputs", name, before: was, after: is });
    } else if (isChanged) through.push({ name, before: was, after: is });
    else {
      const byLock = pairing.isByLock(pair) ? ({ byLock: true } as const) : {};
      const isAtHand = was === pair.before.depid && is === pair.after.depid;
      unknown.push({
        kind: "other depid",
        name,
        before: was,
        after: is,
        ...byLock,
        ...(isAtHand ? {} : { notAtHand: true as const }),
      });
    }
  }
  if (listed.length === 0 && !sameList([...olds.keys()], [...news.keys()])) {
    listed.push({ kind: "order", of: "dependencies" });
  }
  return { listed, unknown, through, stopped };
}

/** In the order of hashing. */
function namedDepIds(task: CapturedTask, nameOf: (tid: Tid) => string): Map<string, DepId> {
  const found = new Map<string, DepId>();
  task.hashdeps.forEach((tid, i) => {
    const depid = task.hashedDepids[i];
    if (depid !== undefined) found.set(nameOf(tid), depid);
  });
  return found;
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((it, i) => it === b[i]);
}
