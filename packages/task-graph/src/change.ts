import type { Tid } from "@depid/hash";
import { ChangeError, UnknownTaskError } from "./errors.ts";
import type { Task } from "./task.ts";

/** What leads from one capture to another. */
export interface CaptureChange {
  /** Tasks that are new or whose row differs, whole. */
  readonly upsert: readonly Task[];
  /** Tasks that are gone. */
  readonly remove: readonly Tid[];
}

/** The rows that a change is made for. */
interface Rows {
  find(tid: Tid): Task | undefined;
  dependentsOf(tid: Tid, kind: "any"): Tid[];
}

/**
 * The change that takes `change` back on the capture it was made for.
 *
 * @throws {ChangeError} when the change does not fit the capture
 */
export function invertChange(before: Rows, change: CaptureChange): CaptureChange {
  const upserted = new Set(change.upsert.map((task) => task.tid));
  if (upserted.size !== change.upsert.length) throw new ChangeError("a task is upserted twice");
  const removed = new Set(change.remove);
  if (removed.size !== change.remove.length) throw new ChangeError("a task is removed twice");
  const restore: Task[] = [];
  for (const tid of change.remove) {
    const task = before.find(tid);
    if (task === undefined) throw new ChangeError(`task ${tid} is to be removed, but is not there`);
    if (upserted.has(tid)) throw new ChangeError(`task ${tid} is both upserted and removed`);
    restore.push(task);
    for (const dependent of before.dependentsOf(tid, "any")) {
      if (!upserted.has(dependent) && !removed.has(dependent)) {
        throw new UnknownTaskError(tid, `${dependent} depends on it`);
      }
    }
  }
  const remove: Tid[] = [];
  for (const { tid } of change.upsert) {
    const task = before.find(tid);
    if (task === undefined) remove.push(tid);
    else restore.push(task);
  }
  return { upsert: restore, remove };
}

/** Whether two rows say the same. Variables are not compared: what counts of them is in the basehash. */
export function sameTask(a: Task, b: Task): boolean {
  return (
    a === b ||
    (a.tid === b.tid &&
      a.pn === b.pn &&
      a.task === b.task &&
      a.version === b.version &&
      a.basehash === b.basehash &&
      a.taint === b.taint &&
      a.setscene === b.setscene &&
      a.nostamp === b.nostamp &&
      a.noexec === b.noexec &&
      a.stamp === b.stamp &&
      a.stampExtra === b.stampExtra &&
      a.hashfn === b.hashfn &&
      sameList(a.hashdeps, b.hashdeps) &&
      sameList(a.execdeps, b.execdeps) &&
      sameList(a.harddeps, b.harddeps) &&
      a.files.length === b.files.length &&
      a.files.every((file, i) => sameList(file, b.files[i] ?? [])))
  );
}

/** Whether two lists have the same items in the same order. */
export function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
