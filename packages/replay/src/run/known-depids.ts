import type { DepId } from "@depid/hash";
import type { EarlierDepIds, TaskHashes } from "@depid/runqueue";

/** The depids that tasks had in builds of one name space. */
export class KnownDepIds implements EarlierDepIds {
  readonly #base: EarlierDepIds;
  /** Of the last build, by place in its plan. */
  readonly #last: TaskHashes[] = [];

  constructor(base: EarlierDepIds = new Set()) {
    this.#base = base;
  }

  has(depid: DepId): boolean {
    return this.#base.has(depid);
  }

  add(depid: DepId): void {
    this.#base.add(depid);
  }

  /** The tasks of a build had these. Costs little where they are those of the last one. */
  addAll(size: number, hashesOf: (task: number) => TaskHashes): void {
    const last = this.#last;
    for (let task = 0; task < size; task++) {
      const hashes = hashesOf(task);
      if (last[task] === hashes) continue;
      this.#base.add(hashes.depid);
      if (task < last.length) last[task] = hashes;
      else last.push(hashes);
    }
  }

  /** Others over these, which are left as they are. */
  over(): EarlierDepIds {
    const added = new Set<DepId>();
    return { has: (depid) => added.has(depid) || this.has(depid), add: (depid) => added.add(depid) };
  }
}
