import type { Tid } from "@depid/hash";
import type { Task } from "./task.ts";

/**
 * The tasks of a capture in the order of hashing, as positions in that order: for loops that touch thousands of tasks. Made
 * once per structure; the rows in `tasks` follow changes that leave the structure as it is.
 */
export interface HashPlan {
  /** All tasks, generation by generation. */
  readonly tasks: readonly Task[];
  /** Position of each task in `tasks`. */
  readonly positions: ReadonlyMap<Tid, number>;
  /** Number of the generation of each task. */
  readonly generation: Int32Array;
  /** Position behind the last task of each generation. */
  readonly generationEnds: readonly number[];
  /** The dependencies that each task hashes, in the order of hashing. */
  readonly deps: PackedLists;
  /** The tasks that hash each task. */
  readonly dependents: PackedLists;
}

/** A list of positions for each task: list i is `items[starts[i]]` up to, not including, `items[starts[i + 1]]`. */
export interface PackedLists {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

/** A plan whose owner replaces rows. */
export interface OwnedHashPlan extends HashPlan {
  readonly tasks: Task[];
}

/** @param generations tids, each depending only on tasks of earlier generations */
export function createHashPlan(generations: readonly (readonly Tid[])[], get: (tid: Tid) => Task): OwnedHashPlan {
  const tasks: Task[] = [];
  const positions = new Map<Tid, number>();
  const numbers: number[] = [];
  const generationEnds = generations.map((tids, number) => {
    for (const tid of tids) {
      positions.set(tid, tasks.length);
      tasks.push(get(tid));
      numbers.push(number);
    }
    return tasks.length;
  });
  const deps = packLists(tasks.map((task) => task.hashdeps.map((tid) => positions.get(tid) as number)));
  return {
    tasks,
    positions,
    generation: Int32Array.from(numbers),
    generationEnds,
    deps,
    dependents: invertLists(deps),
  };
}

function packLists(lists: readonly (readonly number[])[]): PackedLists {
  const starts = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    starts[i + 1] = (starts[i] as number) + list.length;
  });
  return { starts, items: Int32Array.from(lists.flat()) };
}

/** List i of the answer has every k whose list has i, ascending. */
function invertLists({ starts, items }: PackedLists): PackedLists {
  const inverse: number[][] = Array.from({ length: starts.length - 1 }, () => []);
  for (let k = 0; k < inverse.length; k++) {
    for (let at = starts[k] as number; at < (starts[k + 1] as number); at++) inverse[items[at] as number]?.push(k);
  }
  return packLists(inverse);
}
