import {
  byCodePoint,
  type DepId,
  depIdOf,
  formatTaskName,
  isOldHash,
  recipeOfVariant,
  splitTid,
  type TaskHash,
  type Tid,
  taskName,
} from "@depid/hash";
import { taskHashInput, taskHashOf } from "@depid/siggen";
import type { Capture, CapturedTask } from "@depid/task-graph";
import type { LockedSigs, LockRow } from "./locked-signatures.ts";

/** What becomes of a lock in a build. */
export type LockState =
  /** The task hashes to what is locked, or to what the server or the map takes for it. */
  | "fits"
  /** BitBake takes the locked hash although the task's inputs give another: they are not built. */
  | "differs"
  /** BitBake does not go by it. */
  | "without effect"
  /** The build or the file does not tell. */
  | "unknown";

/** A lock held against a build. */
export interface CheckedLock {
  readonly row: LockRow;
  /** Name of the task, `[mc:NAME:]PN:TASK`; of a lock without a task `PN:TASK`. */
  readonly name: string;
  readonly state: LockState;
  /** Why it has no effect, or is unknown, or never fits; null if there is nothing to say. */
  readonly why: string | null;
  /** What the task's inputs give with all locks in force; null if there is no such task, or it does nothing. */
  readonly computed: TaskHash | null;
  /** Tasks that the lock keeps from becoming others, the task itself first, by name; empty unless it `differs`. */
  readonly holds: readonly string[];
}

/** What locks do in a build. */
export interface LockCheck {
  readonly locks: readonly CheckedLock[];
  /** Tasks that would have another depid without any lock, by code point of the name. */
  readonly held: readonly HeldTask[];
  /** Sentences. */
  readonly unknown: readonly string[];
  readonly assumed: readonly string[];
}

export interface HeldTask {
  readonly name: string;
  readonly setscene: boolean;
}

/** A sentence of meta-depid about a build that was made with locks. */
const MADE_WITH_LOCKS = /tasks? with locked signatures/;

/**
 * Holds locks against the tasks of a build (signatures.md section 2): taskhashes are computed again from the build's inputs, once with the
 * locks and once without, whether or not the build was made with them.
 *
 * A lock fits if the task's taskhash is what is locked, or if the server or SIGGEN_UNIHASHMAP gives that depid for it. Depids of a build that
 * was made with locks are the locked ones and prove nothing.
 */
export function checkLocks(locks: LockedSigs, capture: Capture): LockCheck {
  const { tasks, header } = capture;
  const byTid = new Map(tasks.map((task) => [task.tid, task]));
  const missing = new Set(tasks.flatMap(({ hashdeps }) => hashdeps.filter((tid) => !byTid.has(tid))));
  const withLocks = tasks.some((it) => it.locked) || header.assumed.some((line) => MADE_WITH_LOCKS.test(line));
  const order = dependenciesFirst(tasks, byTid);
  const unlockedTids = followUnlocked(locks.unlocked, order, byTid);
  const listed = new Map<string, string>();
  for (const { kind, effective, pn, task, depid } of locks.rows)
    if (kind === "signature" && effective !== false) listed.set(formatTaskName({ pn, task }), depid);
  const lockOf = (task: CapturedTask) => (unlockedTids.has(task.tid) ? undefined : listed.get(formatTaskName(task)));
  const map = new Map<string, LockRow>();
  for (const row of locks.rows) if (row.kind === "depid" && row.effective !== false) map.set(formatTaskName(row), row);

  /** The depid that a task has for a taskhash, but for its own lock. */
  const depidFor = (task: CapturedTask, taskhash: TaskHash): DepId => {
    const mapped = map.get(formatTaskName(task));
    if (mapped?.taskhash === taskhash) return mapped.depid as DepId;
    return !withLocks && task.taskhash === taskhash ? task.depid : depIdOf(taskhash);
  };
  const locked = computeAll(order, (task, hash) => (lockOf(task) as DepId) ?? depidFor(task, hash));
  const free = computeAll(order, depidFor);
  const isHeld = (tid: Tid) => locked.get(tid)?.depid !== free.get(tid)?.depid;
  const above = dependentsOf(tasks);
  const nameOf = (tid: Tid) => taskName(byTid.get(tid) as CapturedTask);

  const byName = new Map<string, CapturedTask[]>();
  for (const task of tasks) byName.set(formatTaskName(task), [...(byName.get(formatTaskName(task)) ?? []), task]);

  const checked = locks.rows.flatMap((row): CheckedLock[] => {
    const name = formatTaskName(row);
    const bare = { row, computed: null, holds: [] };
    if (row.effective === false) return [{ ...bare, name, state: "without effect", why: row.why }];
    const named = byName.get(name) ?? [];
    if (named.length === 0) {
      const isDependency = [...missing].some((tid) => mayBe(tid, row));
      if (isDependency || missing.size > 0)
        return [
          { ...bare, name, state: "unknown", why: "the build has no signature of it: a locked task writes none" },
        ];
      return [{ ...bare, name, state: "without effect", why: "the build has no such task" }];
    }
    return named.map((task) => {
      const { taskhash: computed } = locked.get(task.tid) as Computed;
      const about = { row, name: taskName(task), computed };
      if (row.kind === "depid")
        return row.taskhash === computed
          ? { ...about, state: "fits", why: null, holds: [] }
          : { ...about, state: "without effect", why: "the task has another taskhash than the map is for", holds: [] };
      if (unlockedTids.has(task.tid))
        return {
          ...about,
          state: "without effect",
          why: "its recipe is unlocked by SIGGEN_UNLOCKED_RECIPES",
          holds: [],
        };
      if (row.effective === null) return { ...about, state: "unknown", why: row.why, holds: [] };
      if (row.depid === computed || row.depid === depidFor(task, computed))
        return { ...about, state: "fits", why: null, holds: [] };
      const why = isOldHash(row.depid)
        ? "32 digits: a hash of a release before 3.0 (zeus), which no task has today"
        : task.nostamp
          ? "the task is nostamp: its taskhash is another in each build"
          : null;
      const holds = [...climb(task.tid, above, isHeld)].map(nameOf);
      return { ...about, state: "differs", why, holds };
    });
  });
  return {
    locks: checked,
    held: tasks
      .filter(({ tid }) => isHeld(tid))
      .map((task) => ({ name: taskName(task), setscene: task.setscene }))
      .sort((a, b) => byCodePoint(a.name, b.name)),
    unknown: [
      ...locks.unknown,
      ...perhapsInForce(locks),
      ...(missing.size === 0
        ? []
        : [
            `inputs of ${missing.size} tasks that the build names and has no signature of: their depids are taken as they entered`,
          ]),
    ],
    assumed: [
      ...(locks.otherStatements === 0
        ? []
        : [
            `${locks.otherStatements} ${locks.otherStatements === 1 ? "statement" : "statements"} of the file about anything else than locks do nothing to them`,
          ]),
      ...(withLocks ? ["no server's answers: the build was made with locks, and its depids are theirs"] : []),
    ],
  };
}

/** What is held back is told as if they were in force. */
function perhapsInForce({ rows }: LockedSigs): string[] {
  const count = rows.filter((it) => it.effective === null).length;
  if (count === 0) return [];
  return [
    `whether ${count === 1 ? "1 lock is" : `${count} locks are`} in force: what is held back counts ${count === 1 ? "it" : "them"} as if`,
  ];
}

interface Computed {
  readonly taskhash: TaskHash;
  readonly depid: DepId;
}

function computeAll(
  order: readonly CapturedTask[],
  depidFor: (task: CapturedTask, taskhash: TaskHash) => DepId,
): Map<Tid, Computed> {
  const done = new Map<Tid, Computed>();
  for (const task of order) {
    const depids = task.hashdeps.map((tid, i) => done.get(tid)?.depid ?? (task.hashedDepids[i] as DepId));
    const isAsCaptured = depids.every((depid, i) => depid === task.hashedDepids[i]);
    const taskhash = isAsCaptured ? task.taskhash : taskHashOf(taskHashInput(task, depids));
    done.set(task.tid, { taskhash, depid: depidFor(task, taskhash) });
  }
  return done;
}

/** Tasks whose recipe SIGGEN_UNLOCKED_RECIPES unlocks: those of recipes that it names, and of recipes behind their first task that hashes one. */
function followUnlocked(
  names: readonly string[],
  order: readonly CapturedTask[],
  byTid: ReadonlyMap<Tid, CapturedTask>,
): Set<Tid> {
  const unlocked = new Set(names);
  const found = new Set<Tid>();
  for (const { tid, pn, hashdeps } of unlocked.size === 0 ? [] : order) {
    const { config } = splitTid(tid);
    const recipes = hashdeps.flatMap((it) => (splitTid(it).config === config ? (byTid.get(it)?.pn ?? []) : []));
    // BitBake looks for the name anywhere in the names of recipes.
    if (recipes.some((recipe) => [...unlocked].some((name) => recipe.includes(name)))) unlocked.add(pn);
    if (unlocked.has(pn)) found.add(tid);
  }
  return found;
}

/** Whether a tid of which no more is known may be the task of a lock. */
function mayBe(tid: Tid, { pn, task }: LockRow): boolean {
  const parts = splitTid(tid);
  return parts.task === task && parts.recipeFile.includes(recipeOfVariant(pn));
}

function dependentsOf(tasks: readonly CapturedTask[]): Map<Tid, Tid[]> {
  const above = new Map<Tid, Tid[]>();
  for (const { tid, hashdeps } of tasks)
    for (const dependency of hashdeps) {
      const list = above.get(dependency);
      if (list === undefined) above.set(dependency, [tid]);
      else list.push(tid);
    }
  return above;
}

/** A task and those above it, as far as `wanted` says. */
function climb(start: Tid, above: ReadonlyMap<Tid, readonly Tid[]>, wanted: (tid: Tid) => boolean): Set<Tid> {
  const found = new Set([start]);
  for (const tid of found) for (const dependent of above.get(tid) ?? []) if (wanted(dependent)) found.add(dependent);
  return found;
}

/** All tasks, each behind its dependencies where they form no circle. */
function dependenciesFirst(tasks: readonly CapturedTask[], byTid: ReadonlyMap<Tid, CapturedTask>): CapturedTask[] {
  const order: CapturedTask[] = [];
  const seen = new Set<Tid>();
  for (const start of tasks) {
    if (seen.has(start.tid)) continue;
    seen.add(start.tid);
    const stack = [{ task: start, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const tid = top.task.hashdeps[top.next++];
      if (tid === undefined) {
        order.push(top.task);
        stack.pop();
        continue;
      }
      const task = byTid.get(tid);
      if (task === undefined || seen.has(tid)) continue;
      seen.add(tid);
      stack.push({ task, next: 0 });
    }
  }
  return order;
}
