import type { History } from "@depid/task-graph";
import type { BytesOf } from "./run/pruning.ts";

/** Bytes of an object of a recipe's task, as one was found. */
export interface MeasuredObject {
  readonly pn: string;
  readonly task: string;
  readonly bytes: number;
}

/** Where the size of an object comes from: objects of the same recipe and task, of the same task of others, or any. */
type SizeSource = "measured" | "task" | "any";

/** Bytes of sstate objects. */
export interface ObjectSizes {
  readonly bytesOf: BytesOf;
  /** What they rest on, as a sentence. @param history whose tasks are meant */
  describe(history: History): string;
}

/** Every object has one size: an estimate. */
export function sizesOfOne(bytes: number, name: string): ObjectSizes {
  return {
    bytesOf: () => bytes,
    describe: () => `Sizes of sstate objects are an estimate: each has ${name}.`,
  };
}

/**
 * Sizes of objects that were found: of a recipe's task the median of its objects; where none was found, an estimate: the median of the same task of other recipes, or of
 * all objects.
 *
 * @param found at least one
 * @param names of the files, for the sentence
 */
export function sizesOf(found: readonly MeasuredObject[], names: readonly string[]): ObjectSizes {
  const byRecipe = mediansBy(found, ({ pn, task }) => `${pn}:${task}`);
  const byTask = mediansBy(found, ({ task }) => task);
  const median = medianOf(found.map((it) => it.bytes));
  const find = (pn: string, task: string): { readonly bytes: number; readonly source: SizeSource } => {
    const measured = byRecipe.get(`${pn}:${task}`);
    if (measured !== undefined) return { bytes: measured, source: "measured" };
    const ofTask = byTask.get(task);
    return ofTask === undefined ? { bytes: median, source: "any" } : { bytes: ofTask, source: "task" };
  };
  return {
    bytesOf: (pn, task) => find(pn, task).bytes,
    describe(history) {
      const tasks = new Map<string, SizeSource>();
      for (const { change } of history.steps)
        for (const { pn, task, setscene, noexec } of change.upsert)
          if (setscene && !noexec) tasks.set(`${pn}:${task}`, find(pn, task).source);
      const count = (source: SizeSource) => [...tasks.values()].filter((it) => it === source).length;
      return `Sizes of sstate objects: of ${tasks.size} tasks that make one, by recipe and task, ${count("measured")} were measured (${names.join(", ")}); estimated are ${count("task")} by the median of the same task of others, ${count("any")} by that of all objects.`;
    },
  };
}

function mediansBy(
  found: readonly MeasuredObject[],
  keyOf: (it: MeasuredObject) => string,
): ReadonlyMap<string, number> {
  const groups = new Map<string, number[]>();
  for (const it of found) {
    const group = groups.get(keyOf(it)) ?? [];
    groups.set(keyOf(it), group);
    group.push(it.bytes);
  }
  return new Map([...groups].map(([key, bytes]) => [key, medianOf(bytes)]));
}

/** The lower one of two in the middle: a size that there is. */
function medianOf(bytes: readonly number[]): number {
  const sorted = [...bytes].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
