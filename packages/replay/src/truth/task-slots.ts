import type { Tid } from "@depid/hash";
import type { Task } from "@depid/task-graph";
import { type TaskKey, taskKeyOf } from "../task-key.ts";

/** Numbers for tasks across versions of their recipes, counted from 0 as they come: arrays by slot serve all steps of a replay. */
export class TaskSlots {
  readonly #slots = new Map<TaskKey, number>();
  readonly #keys: TaskKey[] = [];
  readonly #byTid = new Map<Tid, number>();

  /** How many slots there are. */
  get size(): number {
    return this.#keys.length;
  }

  /** The slot of a row; a new one if its task was in no step so far. */
  add(task: Task): number {
    const known = this.#byTid.get(task.tid);
    if (known !== undefined && this.#keys[known] === taskKeyOf(task)) return known;
    const key = taskKeyOf(task);
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.#keys.push(key) - 1;
      this.#slots.set(key, slot);
    }
    this.#byTid.set(task.tid, slot);
    return slot;
  }

  /** The slot of a tid; `undefined` if it was in no step so far. */
  find(tid: Tid): number | undefined {
    return this.#byTid.get(tid);
  }

  /** The task in a slot. */
  keyOf(slot: number): TaskKey {
    return this.#keys[slot] as TaskKey;
  }
}
