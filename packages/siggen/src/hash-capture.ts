import { type DepId, depIdOf } from "@depid/hash";
import { type CapturedTask, orderTasks, sameList, type Task } from "@depid/task-graph";
import { taskHashInput, taskHashOf } from "./taskhash.ts";

/**
 * The tasks of a whole capture with the taskhashes that basichash gives them, the depid being the taskhash: what `computeSignatures` says
 * with that generator, for who hashes once and needs no graph.
 *
 * @param tasks all of them, with different tids
 * @param known takes what is made, by its row. What an earlier call made, and comes out the same, is the same object
 * @returns in the order of `tasks`
 * @throws {UnknownTaskError | CycleError}
 */
export function hashCapture(tasks: readonly Task[], known = new Map<Task, CapturedTask>()): CapturedTask[] {
  const { order, hashdeps } = orderTasks(tasks);
  const made: CapturedTask[] = new Array(tasks.length);
  for (const place of order) {
    const task = tasks[place] as Task;
    const from = hashdeps.start[place] as number;
    const hashedDepids = new Array<DepId>(task.hashdeps.length);
    for (let k = 0; k < hashedDepids.length; k++)
      hashedDepids[k] = (made[hashdeps.list[from + k] as number] as CapturedTask).depid;
    const before = known.get(task);
    if (before !== undefined && sameList(before.hashedDepids, hashedDepids)) {
      made[place] = before;
      continue;
    }
    const taskhash = taskHashOf(taskHashInput(task, hashedDepids));
    const captured = { ...task, taskhash, depid: depIdOf(taskhash), hashedDepids, variables: task.variables };
    made[place] = captured;
    known.set(task, captured);
  }
  return made;
}
