import type { TaskHashes } from "@depid/runqueue";
import type { Task } from "@depid/task-graph";
import { nameOfObject } from "./object-name.ts";

/** Names of tasks' objects, made once for each depid that a task has. */
export class ObjectNames {
  /** By slot. */
  readonly #known: ({ readonly hashes: TaskHashes; readonly hashfn: string; readonly name: string } | undefined)[] = [];

  /** @param hashes of the task: as long as it is the same object, so is the name */
  of(slot: number, task: Task, hashes: TaskHashes): string {
    while (this.#known.length <= slot) this.#known.push(undefined);
    const known = this.#known[slot];
    if (known?.hashes === hashes && known.hashfn === task.hashfn) return known.name;
    const name = nameOfObject(task, hashes.depid);
    this.#known[slot] = { hashes, hashfn: task.hashfn, name };
    return name;
  }
}
