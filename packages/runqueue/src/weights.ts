import { type Adjacency, degreeOf } from "@depid/task-graph";

/**
 * Weight of each task (runqueue.md section 2, 3): 10 for tasks nothing depends on, 1 for the others, and each task adds
 * its own to each task it depends on. This counts paths, so it soon leaves the exact range of a double.
 *
 * @param order tasks, each after all that depend on it
 */
export function computeWeights(order: Int32Array, dependencies: Adjacency, dependents: Adjacency): readonly bigint[] {
  const weights = new Array<bigint>(order.length);
  for (const task of order) weights[task] = degreeOf(dependents, task) === 0 ? 10n : 1n;
  for (const task of order) {
    const weight = weights[task] as bigint;
    for (let k = dependencies.start[task] as number; k < (dependencies.start[task + 1] as number); k++) {
      const dependency = dependencies.list[k] as number;
      weights[dependency] = (weights[dependency] as bigint) + weight;
    }
  }
  return weights;
}
