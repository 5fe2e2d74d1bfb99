import { formatSetscene, formatTaskName, splitSetscene, type Tid, taskName } from "@depid/hash";
import type { Task } from "@depid/task-graph";
import type { BuildRecord } from "./build-record.ts";

/** Which tasks of a history the keys of a record are. */
export interface KeyMatches {
  readonly tids: ReadonlyMap<string, Tid>;
  /** Keys that no task fits, in their order. */
  readonly unmatched: readonly string[];
  /** Keys that several tasks fit equally well, and keys that fit one task equally well. */
  readonly ambiguous: readonly string[];
}

interface Named {
  readonly tid: Tid;
  /** Recipe file, folder by folder from its name upwards. */
  readonly path: readonly string[];
}

/**
 * Finds the tasks of a history whose recipe files, which are relative there, the absolute ones of a build end with. Configuration, variant,
 * task and the recipe file's name must be equal; of several recipe files the one that shares most folders from the end is taken, so
 * that checkouts and layers may have other names. No two keys become one task: the one that shares more is it.
 */
export function matchTids(keys: Iterable<string>, tids: Iterable<Tid>): KeyMatches {
  const byName = new Map<string, Named[]>();
  for (const tid of tids) {
    const { name, path } = partsOf(tid);
    const list = byName.get(name);
    if (list === undefined) byName.set(name, [{ tid, path }]);
    else list.push({ tid, path });
  }
  const unmatched: string[] = [];
  const ambiguous: string[] = [];
  const claims = new Map<Tid, { readonly key: string; readonly shared: number }[]>();
  for (const key of keys) {
    const { name, path } = partsOf(key);
    const rated = (byName.get(name) ?? []).map((it) => ({ tid: it.tid, shared: countShared(path, it.path) }));
    const most = Math.max(...rated.map(({ shared }) => shared));
    const [best, ...others] = rated.filter(({ shared }) => shared === most);
    if (best === undefined) unmatched.push(key);
    else if (others.length > 0) ambiguous.push(key);
    else claims.set(best.tid, [...(claims.get(best.tid) ?? []), { key, shared: most }]);
  }
  const matches = new Map<string, Tid>();
  for (const [tid, claimed] of claims) {
    const most = Math.max(...claimed.map(({ shared }) => shared));
    const best = claimed.filter(({ shared }) => shared === most);
    const [first] = best;
    if (first !== undefined && best.length === 1) matches.set(first.key, tid);
    else ambiguous.push(...best.map(({ key }) => key));
    unmatched.push(...claimed.filter(({ shared }) => shared < most).map(({ key }) => key));
  }
  return { tids: matches, unmatched, ambiguous };
}

/** Finds the tasks that are called `[mc:NAME:]pn:task`. A name without configuration may be one of any, if only one has it. */
export function matchNames(keys: Iterable<string>, tasks: Iterable<Pick<Task, "tid" | "pn" | "task">>): KeyMatches {
  const byName = new Map<string, Set<Tid>>();
  const add = (name: string, tid: Tid): void => void byName.set(name, (byName.get(name) ?? new Set()).add(tid));
  for (const task of tasks) {
    add(formatTaskName(task), task.tid);
    add(taskName(task), task.tid);
  }
  const matches = new Map<string, Tid>();
  const unmatched: string[] = [];
  const ambiguous: string[] = [];
  for (const key of keys) {
    const [tid, ...others] = byName.get(key) ?? [];
    if (tid === undefined) unmatched.push(key);
    else if (others.length > 0) ambiguous.push(key);
    else matches.set(key, tid);
  }
  return { tids: matches, unmatched, ambiguous };
}

/** A record in the tids of a history. */
export interface MatchedRecord {
  /** `naming` is `tid`; what could not be matched is in none of the sets, and `unknown` says so. */
  readonly record: BuildRecord;
  readonly matches: KeyMatches;
}

/** Puts the tids of a history in place of a record's keys. */
export function matchRecord(record: BuildRecord, tasks: readonly Pick<Task, "tid" | "pn" | "task">[]): MatchedRecord {
  const { executed, restored, noexec, failed, restoreFailed, seconds } = record;
  const keys = new Set([...executed, ...restored, ...(noexec ?? []), ...failed, ...restoreFailed]);
  const matches =
    record.naming === "tid"
      ? matchTids(
          keys,
          tasks.map(({ tid }) => tid),
        )
      : matchNames(keys, tasks);
  const { tids, unmatched, ambiguous } = matches;
  const renamed = (set: ReadonlySet<string>) => new Set([...set].flatMap((key) => tids.get(key) ?? []));
  const timeOf = ([key, time]: [string, number]): [string, number][] => {
    const { task, isSetscene } = splitSetscene(key);
    const tid = tids.get(task);
    return tid === undefined ? [] : [[isSetscene ? formatSetscene(tid) : tid, time]];
  };
  const sentences = [
    ...(unmatched.length > 0
      ? [`${unmatched.length} tasks that the history does not have: ${firstOf(unmatched)}`]
      : []),
    ...(ambiguous.length > 0 ? [`which tasks of the history ${ambiguous.length} are: ${firstOf(ambiguous)}`] : []),
  ];
  return {
    record: {
      ...record,
      naming: "tid",
      executed: renamed(executed),
      restored: renamed(restored),
      noexec: noexec === undefined ? undefined : renamed(noexec),
      failed: renamed(failed),
      restoreFailed: renamed(restoreFailed),
      ...(seconds === undefined ? {} : { seconds: new Map([...seconds].flatMap(timeOf)) }),
      unknown: [...record.unknown, ...sentences],
    },
    matches,
  };
}

function firstOf(keys: readonly string[]): string {
  return `${keys.slice(0, 3).join(", ")}${keys.length > 3 ? ", …" : ""}`;
}

/** What must be equal (configuration, variant, name of the recipe file, task), and the folders above it. */
function partsOf(tid: string): { readonly name: string; readonly path: readonly string[] } {
  const [, head = "", file = "", task = ""] = /^(.*:)?([^:]*):([^:]*)$/.exec(tid) ?? [];
  const path = file.split("/").reverse();
  return { name: `${head} ${path[0]} ${task}`, path };
}

function countShared(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count += 1;
  return count;
}
