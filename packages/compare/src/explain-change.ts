import { byCodePoint } from "@depid/hash";
import type { Cause } from "./cause.ts";
import type { Comparison } from "./compare.ts";
import type { TaskChange } from "./task-change.ts";

/** Why a task has another taskhash, along which ways, and what would have stopped it. */
export interface ChangeExplanation {
  readonly change: TaskChange;
  /** For each cause that reaches the task, the shortest way from where it entered; in the order of the causes. */
  readonly roots: readonly { readonly cause: Cause; readonly number: number; readonly path: Path }[];
  /** How many different ways lead from tasks with changes of their own to the task. */
  readonly pathCount: bigint;
  /** The first of them, if they were asked for. */
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
  /** Sstate tasks on the ways that did not keep their depid. */
  readonly passed: readonly string[];
}

/**
 * Explains the change of one task.
 *
 * @param name of a task of `comparison.changed`
 * @param maxPaths how many of all ways are listed
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

/** Ways down to tasks with changes of their own; a circle counts as no way. */
function countPaths(name: string, changed: ReadonlyMap<string, TaskChange>): bigint {
  const counts = new Map<string, bigint>();
  const stack = [{ name, next: 0, sum: 0n }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const task = changed.get(top.name) as TaskChange;
    if (top.next === 0) counts.set(top.name, 0n);
    const dependency = task.through[top.next]?.name;
    if (dependency === undefined) {
      counts.set(top.name, top.sum + (task.own.length > 0 ? 1n : 0n));
      stack.pop();
      continue;
    }
    const known = counts.get(dependency);
    if (known === undefined) {
      stack.push({ name: dependency, next: 0, sum: 0n });
      continue;
    }
    top.sum += known;
    top.next += 1;
  }
  return counts.get(name) ?? 0n;
}

/** The first ways, by the order of dependencies. */
function listPaths(name: string, changed: ReadonlyMap<string, TaskChange>, limit: number): Path[] {
  const paths: Path[] = [];
  const way = [{ name, next: 0 }];
  const onWay = new Set([name]);
  for (let top = way.at(-1); top !== undefined && paths.length < limit; top = way.at(-1)) {
    const task = changed.get(top.name) as TaskChange;
    if (top.next === 0 && task.own.length > 0) paths.push(way.map((it) => it.name).reverse());
    const below = task.through[top.next++]?.name;
    if (below === undefined) {
      onWay.delete(top.name);
      way.pop();
    } else if (!onWay.has(below)) {
      onWay.add(below);
      way.push({ name: below, next: 0 });
    }
  }
  return paths;
}

function findStops(
  change: TaskChange,
  changed: ReadonlyMap<string, TaskChange>,
  below: readonly string[],
  { pairing }: Comparison,
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
  const isRoot = (name: string) => name !== change.name && (changed.get(name)?.own.length ?? 0) > 0;
  const lowestSstate = new Set<string>();
  const risen = new Set(below.filter(isRoot));
  for (const name of risen) {
    if (name !== change.name && isSstate(name)) lowestSstate.add(name);
    else for (const dependent of above.get(name) ?? []) risen.add(dependent);
  }
  const bare = new Set([change.name]); // from here up to the task there is no sstate task
  for (const name of bare) {
    for (const { name: dependency } of changed.get(name)?.through ?? [])
      if (!isSstate(dependency)) bare.add(dependency);
  }
  const direct = change.own.length > 0 ? undefined : change.through.map((it) => it.name);
  return {
    direct,
    lowestSstate: [...lowestSstate].sort(byCodePoint),
    unstoppable: [...bare].filter(isRoot).sort(byCodePoint),
    stopped: [...new Set(below.flatMap((name) => changed.get(name)?.stopped ?? []))].sort(byCodePoint),
    passed: below.filter((name) => name !== change.name && isSstate(name)).sort(byCodePoint),
  };
}
