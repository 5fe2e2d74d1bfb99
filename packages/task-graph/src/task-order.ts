import { byCodePoint, type Tid } from "@depid/hash";
import { type Adjacency, invertAdjacency, orderNodes, packAdjacency } from "./adjacency.ts";
import { findCycle } from "./cycle.ts";
import { CycleError, UnknownTaskError } from "./errors.ts";
import type { Task } from "./task.ts";

/** An order of tasks by their places in a list, for who needs no graph. */
export interface TaskOrder {
  /** Places, each behind those of all that its task depends on. */
  readonly order: Int32Array;
  /** Of each place those of the tasks that its task hashes, in the order of hashing. */
  readonly hashdeps: Adjacency;
}

/**
 * Orders tasks by what they depend on.
 *
 * @param tasks with different tids
 * @throws {UnknownTaskError} when a dependency is not among them
 * @throws {CycleError} when tasks depend on each other
 */
export function orderTasks(tasks: readonly Task[]): TaskOrder {
  const places = new Map(tasks.map(({ tid }, place) => [tid, place]));
  const placesOf = (task: Task, tids: readonly Tid[]) =>
    tids.map((tid) => {
      const place = places.get(tid);
      if (place === undefined) throw new UnknownTaskError(tid, `${task.tid} depends on it`);
      return place;
    });
  const hashed = tasks.map((task) => placesOf(task, task.hashdeps));
  const hashdeps = packAdjacency(hashed);
  const before = packAdjacency(tasks.map((task, i) => [...(hashed[i] as number[]), ...placesOf(task, task.execdeps)]));
  const order = orderNodes(before, invertAdjacency(before));
  if (order.length < tasks.length) {
    const dependenciesOf = (tid: Tid): Tid[] => {
      const { hashdeps, execdeps } = tasks[places.get(tid) as number] as Task;
      return [...new Set([...hashdeps, ...execdeps])].sort(byCodePoint);
    };
    throw new CycleError(
      findCycle(
        { dependenciesOf },
        tasks.map(({ tid }) => tid),
      ),
    );
  }
  return { order, hashdeps };
}
