import type { Tid } from "@depid/hash";
import type { Task } from "./task.ts";

/**
 * The tasks of a capture as integers, for loops that touch thousands of them. A tid has the same slot for good, also when its task is gone and comes back;
 * arrays by slot outlast changes. The plan is the graph's own, and follows its changes in proportion to them, but for one copy of `order` where
 * tasks come or go.
 */
export interface HashPlan {
  /** By slot; `undefined` for a tid that is not there now. */
  readonly tasks: readonly (Task | undefined)[];
  /** Slot of each tid that was ever there. */
  readonly slots: ReadonlyMap<Tid, number>;
  /** Slots of the tasks that are there, by code point of their tids. Another array when tasks come or go. */
  readonly order: Int32Array;
  /** Place of each slot in `order`; what it says of a tid that is not there now means nothing. Another array when tasks come or go. */
  readonly places: Int32Array;
  /** Number of the topological generation of each slot: a task depends on tasks of earlier ones only. Within one, tasks are hashed by place. */
  readonly generation: readonly number[];
  /** How many generations there are. */
  readonly generations: number;
  /** The dependencies that each task hashes, in the order of hashing. */
  readonly deps: readonly (readonly number[])[];
  /** The tasks that hash each task, in no order. */
  readonly dependents: readonly (readonly number[])[];
}
