import { byCodePoint } from "@depid/hash";
import type { Task } from "@depid/task-graph";
import { rootsOf } from "./cause.ts";
import { type ChangeClass, classifyCause, classifyChanges } from "./classify.ts";
import type { OwnChange } from "./own-change.ts";
import { nameOfTid } from "./pair.ts";
import { compareFiles, compareMetadata } from "./task-change.ts";

/** What became of one task's own inputs, and what kind of change that seems to be. */
export interface ClassifiedTask {
  /** Without variables that only came or went with another one that names them. Empty if only the order of something changed. */
  readonly changes: readonly { readonly change: OwnChange; readonly class: ChangeClass }[];
  readonly class: ChangeClass;
}

/**
 * What kind of change of its own inputs there was between two states of one task, from these alone: no capture is needed.
 * Dependencies are compared by name, as their recipe files tell it, and only for being there.
 */
export function classifyTask(before: Task, after: Task): ClassifiedTask {
  const own: OwnChange[] = [...compareMetadata(before, after), ...compareFiles(before.files, after.files)];
  if (before.taint !== after.taint) own.push({ kind: "taint", before: before.taint, after: after.taint });
  own.push(...compareLists(before, after));
  const versions = [{ before, after }];
  const changes = rootsOf(own).map(({ change }) => ({ change, class: classifyChanges([change], versions) }));
  return { changes, class: classifyCause(changes, versions) };
}

function compareLists(before: Task, after: Task): OwnChange[] {
  const olds = new Set(before.hashdeps.map(nameOfTid));
  const news = new Set(after.hashdeps.map(nameOfTid));
  const recipe = nameOfTid(after.tid).slice(0, -after.task.length);
  const found: OwnChange[] = [];
  for (const name of [...new Set([...olds, ...news])].sort(byCodePoint)) {
    if (olds.has(name) && news.has(name)) continue;
    const change = olds.has(name) ? "removed" : "added";
    found.push({ kind: "dependency", name, change, sameRecipe: name.startsWith(recipe) });
  }
  return found;
}
