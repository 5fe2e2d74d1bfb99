import type { Tid } from "@depid/hash";
import type { CaptureChange } from "./change.ts";
import type { History, HistoryStep } from "./history.ts";
import type { Task } from "./task.ts";

/**
 * The history of somebody who built some of its states only: each step that is kept takes over what changed in those that are not, since the last one
 * that is. Steps keep their numbers. What follows the last one kept is left out.
 *
 * @param isKept by number of the step; the first step is kept in any case
 */
export function squashHistory({ header, steps }: History, isKept: (step: number) => boolean): History {
  const kept: HistoryStep[] = [];
  const present = new Set<Tid>();
  let pending: HistoryStep[] = [];
  for (const step of steps) {
    pending.push(step);
    if (kept.length > 0 && !isKept(step.step)) continue;
    const joined = joinSteps(pending, present);
    kept.push(joined);
    for (const tid of joined.change.remove) present.delete(tid);
    for (const { tid } of joined.change.upsert) present.add(tid);
    pending = [];
  }
  return { header, steps: kept };
}

function joinSteps(steps: readonly HistoryStep[], present: ReadonlySet<Tid>): HistoryStep {
  const last = steps.at(-1) as HistoryStep;
  if (steps.length === 1) return last;
  const settings = steps.findLast((step) => step.settings !== undefined)?.settings;
  const { tasks, taskhashes } = last.expect;
  return {
    ...last,
    commits: steps.flatMap((step) => step.commits),
    ...(settings === undefined ? {} : { settings }),
    change: joinChanges(
      steps.map((step) => step.change),
      present,
    ),
    expect: { tasks, taskhashes },
  };
}

/** One change that leads where the changes lead one after the other. */
function joinChanges(changes: readonly CaptureChange[], present: ReadonlySet<Tid>): CaptureChange {
  const last = new Map<Tid, Task | undefined>();
  for (const { upsert, remove } of changes) {
    for (const tid of remove) last.set(tid, undefined);
    for (const task of upsert) last.set(task.tid, task);
  }
  const upsert: Task[] = [];
  const remove: Tid[] = [];
  for (const [tid, task] of last) {
    if (task !== undefined) upsert.push(task);
    else if (present.has(tid)) remove.push(tid);
  }
  return { upsert, remove };
}
