import type { DepId, OutHash, TaskHash } from "@depid/hash";
import { ServerKnowledge, type Upstream } from "./server-knowledge.ts";

/** One row that a server is told of: a taskhash with its depid, and an output that it was reported with. */
export interface KnownRow {
  readonly taskhash: TaskHash;
  readonly depid: DepId;
  readonly outhash?: OutHash;
}

/** The same knowledge by rows, as the server's database has it, so that some can be removed, and all be copied. */
export class RowKnowledge extends ServerKnowledge {
  readonly #under: RowKnowledge | undefined;
  /** Taskhashes that were reported with an output, the oldest first. */
  readonly #tasks = new Map<OutHash, readonly TaskHash[]>();

  constructor(under?: RowKnowledge, upstream?: Upstream) {
    super(under, upstream);
    this.#under = under;
  }

  override over(): RowKnowledge {
    return new RowKnowledge(this);
  }

  /** The present depid of the oldest taskhash with this output. @param except that does not count */
  override ownDepIdOfOutput(outhash: OutHash, except?: TaskHash): DepId | undefined {
    const oldest = this.tasksOf(outhash).find((it) => it !== except);
    return oldest === undefined ? undefined : this.ownDepIdOf(oldest);
  }

  protected override note(outhash: OutHash, taskhash: TaskHash): void {
    const tasks = this.tasksOf(outhash);
    if (!tasks.includes(taskhash)) this.#tasks.set(outhash, [...tasks, taskhash]);
  }

  /** Taskhashes that were reported with an output, the oldest first. */
  protected tasksOf(outhash: OutHash): readonly TaskHash[] {
    const own = this.#tasks.get(outhash);
    if (own !== undefined) return own;
    return this.#under === undefined ? [] : this.#under.tasksOf(outhash);
  }

  /** Taskhashes of the database with their depids. Not for one that lies over another. */
  entries(): Iterable<[TaskHash, DepId]> {
    return this.depids;
  }

  /** Removes all rows of taskhashes: `gc-sweep`, and then `clean-unused` (hashserv-protocol.md section 10). Not for one that lies over another. */
  forget(taskhashes: ReadonlySet<TaskHash>): void {
    if (taskhashes.size === 0) return;
    for (const taskhash of taskhashes) this.depids.delete(taskhash);
    for (const [outhash, tasks] of this.#tasks) {
      const left = tasks.filter((it) => !taskhashes.has(it));
      if (left.length === 0) this.#tasks.delete(outhash);
      else if (left.length < tasks.length) this.#tasks.set(outhash, left);
    }
  }

  /** Takes over what a copy holds. Not for one that lies over another. */
  load(rows: Iterable<KnownRow>): void {
    for (const { taskhash, depid, outhash } of rows) {
      this.depids.set(taskhash, depid);
      if (outhash !== undefined) this.note(outhash, taskhash);
    }
  }

  /** A copy: what, told to an empty server, makes it hold the same. Depids come first, so that none is given by an output. */
  *rows(): Generator<KnownRow> {
    for (const [taskhash, depid] of this.depids) yield { taskhash, depid };
    for (const [outhash, tasks] of this.#tasks)
      for (const taskhash of tasks) yield { taskhash, depid: this.depids.get(taskhash) as DepId, outhash };
  }
}
