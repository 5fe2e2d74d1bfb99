import type { Capture, CapturedTask, CaptureHeader } from "@depid/task-graph";
import { type Causes, findCauses } from "./cause.ts";
import { type CauseCounts, countReached } from "./cause-count.ts";
import { isHeld, type KeptBy, keptBy, type LockKnowledge, locksOf } from "./lock.ts";
import type { ConfigMatch } from "./match-configs.ts";
import { type Pairing, pairTasks } from "./pair.ts";
import { explainChange, type TaskChange } from "./task-change.ts";

/** Two captures compared by taskhash. */
export interface Comparison extends Causes {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  /** Tasks that both captures have. */
  readonly common: number;
  /** Setscene tasks among them, as the second capture has it. */
  readonly commonSstate: number;
  /** Tasks of the second capture only, and of the first only, by code point of the name. */
  readonly added: readonly NamedTask[];
  readonly removed: readonly NamedTask[];
  /** Tasks of both with another taskhash, by code point of the name. */
  readonly changed: readonly TaskChange[];
  /** Names of changed tasks with the depid that they had, as a server said: there the change went no further ("stopped by equivalence"). */
  readonly stopped: readonly string[];
  /** Changed tasks with the depid that they had, for whatever reason, `stopped` among them. */
  readonly kept: ReadonlyMap<string, KeptBy>;
  /** Changed tasks whose depid a lock lists, so that what they are now is not built; by code point of the name. */
  readonly held: readonly string[];
  /** Changed tasks whose depid a lock lists or a server gave, and which of them is not recorded: they may not be built; by code point of the name. */
  readonly perhapsHeld: readonly string[];
  /** Tasks with the same taskhash that a lock gives another depid, in one capture at least; by code point of the name. */
  readonly relocked: readonly string[];
  /** Whether a lock gives a task its depid in the second capture. */
  readonly lockAfter: (task: CapturedTask) => LockKnowledge;
  readonly pairing: Pairing;
}

export interface ComparedSide {
  readonly header: CaptureHeader;
  readonly tasks: number;
}

export interface NamedTask {
  readonly name: string;
  readonly task: CapturedTask;
}

export interface CompareOptions {
  /** Compares these two configurations and nothing else. */
  readonly multiconfig?: ConfigMatch | undefined;
}

/**
 * What differs between two captures, and why. Pure; the order of the tasks in the captures does not matter.
 *
 * @throws {ConfigNotFoundError} when a configuration is asked for that is not there
 */
export function compareCaptures(before: Capture, after: Capture, { multiconfig }: CompareOptions = {}): Comparison {
  const pairing = pairTasks(before, after, multiconfig);
  const changed: TaskChange[] = [];
  const added: NamedTask[] = [];
  const removed: NamedTask[] = [];
  const relocked: string[] = [];
  let common = 0;
  let commonSstate = 0;
  for (const pair of pairing.pairs.values()) {
    const { name, before: old, after: young } = pair;
    if (old !== undefined && young !== undefined) {
      common += 1;
      if (young.setscene) commonSstate += 1;
      if (old.taskhash !== young.taskhash) changed.push(explainChange(name, old, young, pairing));
      else if (old.depid !== young.depid && pairing.isByLock(pair)) relocked.push(name);
    } else if (young !== undefined) added.push({ name, task: young });
    else if (old !== undefined) removed.push({ name, task: old });
  }
  const lockBefore = locksOf(before.header, before.tasks);
  const lockAfter = locksOf(after.header, after.tasks);
  const kept = new Map<string, KeptBy>();
  for (const { name, before: old, after: task } of changed) {
    if (old.depid === task.depid) kept.set(name, keptBy({ lock: lockBefore(old) }, { lock: lockAfter(task), task }));
  }
  return {
    before: { header: before.header, tasks: before.tasks.length },
    after: { header: after.header, tasks: after.tasks.length },
    common,
    commonSstate,
    added,
    removed,
    changed,
    stopped: changed.map((it) => it.name).filter((name) => kept.get(name) === "equivalence"),
    kept,
    held: changed.filter(({ after: task }) => isHeld(task, lockAfter(task))).map((it) => it.name),
    perhapsHeld: changed.filter(({ after: task }) => lockAfter(task) === "perhaps").map((it) => it.name),
    relocked,
    lockAfter,
    pairing,
    ...findCauses(changed),
  };
}

/**
 * The same comparison of some tasks only: added, removed and changed tasks are those that `wanted` says, and causes are those
 * that reach one of them, with counts of them alone.
 */
export function selectTasks(comparison: Comparison, wanted: (name: string) => boolean): Comparison {
  const changed = comparison.changed.filter((it) => wanted(it.name));
  const counts = countReached(changed, comparison.causes, comparison.causesOf);
  const kept = comparison.causes.flatMap((cause, at) => {
    const count = counts[at] as CauseCounts;
    return count.all.tasks === 0 ? [] : [{ at, cause: { ...cause, ...count } }];
  });
  const places = new Map(kept.map(({ at }, place) => [at, place]));
  const pairs = [...comparison.pairing.pairs.values()].filter(
    (it) => it.before !== undefined && it.after !== undefined && wanted(it.name),
  );
  return {
    ...comparison,
    common: pairs.length,
    commonSstate: pairs.filter((it) => it.after?.setscene === true).length,
    added: comparison.added.filter((it) => wanted(it.name)),
    removed: comparison.removed.filter((it) => wanted(it.name)),
    changed,
    stopped: comparison.stopped.filter(wanted),
    kept: new Map([...comparison.kept].filter(([name]) => wanted(name))),
    held: comparison.held.filter(wanted),
    perhapsHeld: comparison.perhapsHeld.filter(wanted),
    relocked: comparison.relocked.filter(wanted),
    causes: kept.map((it) => it.cause),
    causesOf: (name) => comparison.causesOf(name).flatMap((at) => places.get(at) ?? []),
  };
}
