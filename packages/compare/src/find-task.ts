import { byCodePoint } from "@depid/hash";
import { type Capture, type CapturedTask, taskName } from "@depid/task-graph";
import { TaskNotFoundError } from "./errors.ts";

/** Names proposed when there is no such task. */
const PROPOSALS = 5;

/**
 * The task that a user names: `[mc:NAME:]PN:TASK`, `PN TASK`, a tid; the `do_` may be left out.
 *
 * @throws {TaskNotFoundError} with the closest names; also where several tasks have the name
 */
export function findTask(capture: Capture, wanted: string): CapturedTask {
  const name = wanted.trim().replace(/\s+/, ":");
  const candidates = [name, name.replace(/:(?!do_)([^:]*)$/, ":do_$1")];
  const byTid = capture.tasks.find((task) => candidates.includes(task.tid));
  if (byTid !== undefined) return byTid;
  const [found, another] = capture.tasks.filter((task) => candidates.includes(taskName(task)));
  if (found === undefined) throw new TaskNotFoundError(wanted, "no such task", closestNames(capture, name));
  if (another !== undefined) {
    throw new TaskNotFoundError(wanted, "several tasks have that name", [found.tid, another.tid]);
  }
  return found;
}

/** The names of tasks nearest to a text, nearest first. */
function closestNames(capture: Capture, text: string): string[] {
  const near = [...new Set(capture.tasks.map(taskName))].map((name) => [editDistance(text, name), name] as const);
  near.sort((a, b) => a[0] - b[0] || byCodePoint(a[1], b[1]));
  return near
    .filter(([distance]) => distance <= Math.max(3, text.length / 2))
    .slice(0, PROPOSALS)
    .map(([, name]) => name);
}

/** Levenshtein's: how many characters must be put in, taken out or replaced. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const kept = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(kept, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
