import type { Tid } from "@depid/hash";
import type { Task } from "./task.ts";

/** The tasks of a capture in the order of hashing, with dependencies as positions in that order: for loops over all tasks. */
export interface HashPlan {
  /** All tasks, generation by generation. */
  readonly tasks: readonly Task[];
  /** Position behind the last task of each generation. */
  readonly generationEnds: readonly number[];
  /** The dependencies that task i hashes are `deps[depsStart[i]]` up to, not including, `deps[depsStart[i + 1]]`. */
  readonly depsStart: Int32Array;
  /** Positions in `tasks`, in the order of hashing. */
  readonly deps: Int32Array;
}

/** @param generations tids, each depending only on tasks of earlier generations */
export function createHashPlan(generations: readonly (readonly Tid[])[], get: (tid: Tid) => Task): HashPlan {
  const tasks: Task[] = [];
  const positions = new Map<Tid, number>();
  const generationEnds = generations.map((generation) => {
    for (const tid of generation) {
      positions.set(tid, tasks.length);
      tasks.push(get(tid));
    }
    return tasks.length;
  });
  const depsStart = new Int32Array(tasks.length + 1);
  const deps: number[] = [];
  tasks.forEach((task, i) => {
    for (const tid of task.hashdeps) deps.push(positions.get(tid) as number);
    depsStart[i + 1] = deps.length;
  });
  return { tasks, generationEnds, depsStart, deps: Int32Array.from(deps) };
}
