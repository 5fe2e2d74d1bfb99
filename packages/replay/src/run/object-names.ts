import type { TaskHashes } from "@depid/runqueue";
import type { Task } from "@depid/task-graph";
import { SlotTable } from "../slot-table.ts";
import { nameOfObject } from "./object-name.ts";
import type { ObjectNumbers } from "./object-numbers.ts";

/** Numbers of tasks' objects; each name is made once for each depid that a task has. */
export class ObjectNames {
  readonly #numbers: ObjectNumbers;
  /** By slot. */
  readonly #known = new SlotTable<{ readonly hashes: TaskHashes; readonly hashfn: string; readonly number: number }>();

  constructor(numbers: ObjectNumbers) {
    this.#numbers = numbers;
  }

  /** @param hashes of the task: as long as it is the same object, so is the name */
  numberOf(slot: number, task: Task, hashes: TaskHashes): number {
    const known = this.#known.get(slot);
    if (known?.hashes === hashes && known.hashfn === task.hashfn) return known.number;
    const number = this.#numbers.of(nameOfObject(task, hashes.depid));
    this.#known.set(slot, { hashes, hashfn: task.hashfn, number });
    return number;
  }
}
