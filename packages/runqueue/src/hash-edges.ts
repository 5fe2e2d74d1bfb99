import type { Tid } from "@depid/hash";
import { type Adjacency, invertAdjacency, orderNodes, packAdjacency, type Task } from "@depid/task-graph";
import { PlanError } from "./errors.ts";

/** Who hashes whom, between tasks of a build. */
export interface HashEdges {
  /** The dependencies that a task hashes, in the order of hashing. */
  readonly deps: Adjacency;
  /** The tasks that hash a task. */
  readonly dependents: Adjacency;
  /** Tasks, each after all that it hashes. */
  readonly order: Int32Array;
  /** One more than the highest level among the dependencies; 0 without any. */
  readonly level: Int32Array;
  readonly levels: number;
}

/** The tasks of a build, and the place of each. */
interface PlacedTasks {
  readonly tasks: readonly Pick<Task, "hashdeps">[];
  readonly indices: { get(tid: Tid): number | undefined };
  readonly size: number;
}

/**
 * Costs in proportion to the dependencies, so a plan makes them when the first answer calls for a rehash, once for all builds by it.
 *
 * @throws {PlanError} when a task hashes one that is not in the build
 */
export function compileHashEdges(plan: PlacedTasks): HashEdges {
  const indexOf = (tid: Tid): number => {
    const index = plan.indices.get(tid);
    if (index === undefined) throw new PlanError(`${tid} is hashed, but is not in this build`);
    return index;
  };
  const deps = packAdjacency(plan.tasks.map((task) => task.hashdeps.map(indexOf)));
  const dependents = invertAdjacency(deps);
  const order = orderNodes(deps, dependents);
  const level = new Int32Array(plan.size);
  let levels = 0;
  for (const task of order) {
    let at = 0;
    for (let k = deps.start[task] as number; k < (deps.start[task + 1] as number); k++) {
      at = Math.max(at, (level[deps.list[k] as number] as number) + 1);
    }
    level[task] = at;
    levels = Math.max(levels, at + 1);
  }
  return { deps, dependents, order, level, levels };
}
