import type { Tid } from "@depid/hash";
import { type Adjacency, invertAdjacency, packAdjacency } from "./adjacency.ts";
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
  readonly deps: Adjacency;
  /** The tasks that hash each task. */
  readonly dependents: Adjacency;
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
  const deps = packAdjacency(tasks.map((task) => task.hashdeps.map((tid) => positions.get(tid) as number)));
  return {
    tasks,
    positions,
    generation: Int32Array.from(numbers),
    generationEnds,
    deps,
    dependents: invertAdjacency(deps),
  };
}
