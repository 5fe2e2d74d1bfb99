import { byCodePoint } from "@depid/hash";
import type { Cause } from "./cause.ts";
import type { Comparison } from "./compare.ts";
import type { TaskChange } from "./task-change.ts";

/** Why a task has another taskhash, along which ways, and what would have stopped it. */
export interface ChangeExplanation {
  readonly change: TaskChange;
  /** For each cause that reaches the task, the shortest way from where it entered; in the order of the causes. */
  readonly roots: readonly { readonly cause: Cause; readonly number: number; readonly path: Path }[];
  /** How many different ways lead from tasks with changes of their own to the task; `undefined`: more than `WAYS_COUNTED`. */
  readonly pathCount: number | undefined;
  /** The shortest of them, if they were asked for, shortest first. */
  readonly paths: readonly Path[];
  readonly stops: Stops;
}

/** Names of tasks, each hashed by the next; from where a cause entered to the task. */
export type Path = readonly string[];

/** Where the change could have stopped, and where it did. */
export interface Stops {
  /**
   * Dependencies of the task: had they all kept their depids, the task would be as it was. `undefined` if it would not, as its
   * own inputs changed.
   */
  readonly direct: readonly string[] | undefined;
  /** The lowest sstate tasks on the ways to the task: had they all had equal outputs, nothing would have come through. */
  readonly lowestSstate: readonly string[];
  /** Tasks from which a way leads to the task with no sstate task on it: nothing could have stopped that. */
  readonly unstoppable: readonly string[];
  /** Tasks below with another taskhash that kept their depid: they stopped it on these ways. */
  readonly stopped: readonly string[];
  /** Those of `stopped` that a lock kept, not an equal output: what came to them is not built. */
  readonly held: readonly string[];
  /** Tasks on the ways, and the task itself, whose depid a lock gives, on one side at least: no output would have kept it. */
  readonly locked: readonly string[];
  /** Sstate tasks on the ways that did not keep their depid. */
  readonly passed: readonly string[];
}

/** Ways that are counted; of more it is said that there are more. */
export const WAYS_COUNTED = 1000;

/**
 * Explains the change of one task.
 *
 * @param name of a task of `comparison.changed`
 * @param maxPaths how many of all ways are listed at most
 */
export function explainTaskChange(comparison: Comparison, name: string, maxPaths = 0): ChangeExplanation {
  const changed = new Map(comparison.changed.map((it) => [it.name, it]));
  const change = changed.get(name);
  if (change === undefined) throw new RangeError(`${name} is no changed task`);
  const next = walkDown(name, changed);
  return {
    change,
    roots: comparison.causesOf(name).flatMap((number) => {
      const cause = comparison.causes[number] as Cause;
      const entered = new Set(cause.entered);
      const nearest = [...next.keys()].find((it) => entered.has(it));
      return nearest === undefined ? [] : [{ cause, number, path: pathFrom(nearest, next) }];
    }),
    pathCount: countPaths(name, changed),
    paths: listPaths(name, changed, maxPaths),
    stops: findStops(change, changed, [...next.keys()], comparison),
  };
}

/** What a change came through, nearest first: each task below, with the next one on the shortest way up. */
function walkDown(name: string, changed: ReadonlyMap<string, TaskChange>): Map<string, string | undefined> {
  const next = new Map<string, string | undefined>([[name, undefined]]);
  for (const [at] of next) {
    for (const dependency of changed.get(at)?.through ?? []) {
      if (!next.has(dependency.name)) next.set(dependency.name, at);
    }
  }
  return next;
}

function pathFrom(start: string, next: ReadonlyMap<string, string | undefined>): Path {
  const path = [start];
  for (let at = next.get(start); at !== undefined; at = next.get(at)) path.push(at);
  return path;
}

/** Ways down to tasks with changes of their own, up to `WAYS_COUNTED`; a circle counts as no way. */
function countPaths(name: string, changed: ReadonlyMap<string, TaskChange>): number | undefined {
  const counts = new Map<string, number>();
  const stack = [{ name, next: 0, sum: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const task = changed.get(top.name) as TaskChange;
    if (top.next === 0) counts.set(top.name, 0);
    const dependency = task.through[top.next]?.name;
    if (dependency === undefined) {
      counts.set(top.name, top.sum + (task.own.length > 0 ? 1 : 0));
      stack.pop();
      continue;
    }
    const known = counts.get(dependency);
    if (known === undefined) {
      stack.push({ name: dependency, next: 0, sum: 0 });
      continue;
    }
    top.sum = Math.min(top.sum + known, WAYS_COUNTED + 1);
    top.next += 1;
  }
  const count = counts.get(name) ?? 0;
  return count > WAYS_COUNTED ? undefined : count;
}

/** A way from the task down, with the shortest length that it can come to. */
interface PartOfWay {
  readonly name: string;
  readonly above: PartOfWay | undefined;
  readonly length: number;
  /** It ends here, where there is a change of its own. */
  readonly isWhole: boolean;
}

/** The shortest ways, shortest first; of one length by the order of dependencies. */
function listPaths(name: string, changed: ReadonlyMap<string, TaskChange>, limit: number): Path[] {
  if (limit === 0) return [];
  const down = distancesDown(name, changed);
  const paths: Path[] = [];
  const through = (at: string) => changed.get(at)?.through ?? [];
  const waiting: PartOfWay[][] = [];
  const add = (part: PartOfWay, shortest: number): void => {
    const list = waiting[shortest];
    if (list === undefined) waiting[shortest] = [part];
    else list.push(part);
  };
  const extend = (at: string, above: PartOfWay | undefined): void => {
    const length = (above?.length ?? 0) + 1;
    if ((changed.get(at)?.own.length ?? 0) > 0) add({ name: at, above, length, isWhole: true }, length);
    const beyond = Math.min(...through(at).map((it) => down.get(it.name) ?? Number.POSITIVE_INFINITY));
    if (beyond < Number.POSITIVE_INFINITY) add({ name: at, above, length, isWhole: false }, length + beyond);
  };
  extend(name, undefined);
  for (let shortest = 0; shortest < waiting.length; shortest++) {
    // The latest first: a way is followed to its end before the next of its length is begun.
    for (let part = waiting[shortest]?.pop(); part !== undefined; part = waiting[shortest]?.pop()) {
      if (paths.length >= limit) return paths;
      const way = wayOf(part);
      if (part.isWhole) paths.push(way);
      else for (const it of through(part.name).toReversed()) if (!way.includes(it.name)) extend(it.name, part);
    }
  }
  return paths;
}

function wayOf(part: PartOfWay): Path {
  const names: string[] = [];
  for (let at: PartOfWay | undefined = part; at !== undefined; at = at.above) names.push(at.name);
  return names;
}

/** Tasks on the shortest way from each down to one with changes of its own, both ends counted. */
function distancesDown(name: string, changed: ReadonlyMap<string, TaskChange>): Map<string, number> {
  const above = new Map<string, string[]>();
  const below = new Set([name]);
  for (const at of below) {
    for (const dependency of changed.get(at)?.through ?? []) {
      below.add(dependency.name);
      const list = above.get(dependency.name);
      if (list === undefined) above.set(dependency.name, [at]);
      else list.push(at);
    }
  }
  const distances = new Map<string, number>();
  for (const it of below) if ((changed.get(it)?.own.length ?? 0) > 0) distances.set(it, 1);
  for (const [at, distance] of distances) {
    for (const it of above.get(at) ?? []) if (!distances.has(it)) distances.set(it, distance + 1);
  }
  return distances;
}

function findStops(
  change: TaskChange,
  changed: ReadonlyMap<string, TaskChange>,
  below: readonly string[],
  { pairing, kept }: Comparison,
): Stops {
  const above = new Map<string, string[]>();
  for (const name of below) {
    for (const dependency of changed.get(name)?.through ?? []) {
      const dependents = above.get(dependency.name);
      if (dependents === undefined) above.set(dependency.name, [name]);
      else dependents.push(name);
    }
  }
  const isSstate = (name: string) => pairing.pairs.get(name)?.after?.setscene === true;
  const isLocked = (name: string) => {
    const pair = pairing.pairs.get(name);
    return pair !== undefined && pairing.isByLock(pair) && pair.before?.depid !== pair.after?.depid;
  };
  const isRoot = (name: string) => name !== change.name && (changed.get(name)?.own.length ?? 0) > 0;
  const lowestSstate = new Set<string>();
  const risen = new Set(below.filter(isRoot));
  for (const name of risen) {
    if (name !== change.name && isSstate(name) && !isLocked(name)) lowestSstate.add(name);
    else for (const dependent of above.get(name) ?? []) risen.add(dependent);
  }
  const bare = new Set([change.name]); // from here up to the task there is no sstate task
  for (const name of bare) {
    for (const { name: dependency } of changed.get(name)?.through ?? [])
      if (!isSstate(dependency)) bare.add(dependency);
  }
  const direct = change.own.length > 0 ? undefined : change.through.map((it) => it.name);
  const stopped = [...new Set(below.flatMap((name) => changed.get(name)?.stopped ?? []))].sort(byCodePoint);
  return {
    direct,
    lowestSstate: [...lowestSstate].sort(byCodePoint),
    unstoppable: [...bare].filter(isRoot).sort(byCodePoint),
    stopped,
    held: stopped.filter((name) => kept.get(name) === "lock"),
    locked: below.filter(isLocked).sort(byCodePoint),
    passed: below.filter((name) => name !== change.name && isSstate(name)).sort(byCodePoint),
  };
}
