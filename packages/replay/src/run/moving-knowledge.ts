import type { DepId, OutHash, TaskHash } from "@depid/hash";
import { ServerKnowledge } from "./server-knowledge.ts";

/**
 * The map of BitBake's server before October 2021 (its commit 20d6ac75 of 2021): a taskhash that is reported with an output which it was not reported with
 * before, and which another taskhash was, gets that one's depid, also if it had one. The oldest such taskhash decides.
 */
export class MovingKnowledge extends ServerKnowledge {
  readonly #under: MovingKnowledge | undefined;
  /** Taskhashes that were reported with an output, the oldest first. */
  readonly #tasks = new Map<OutHash, readonly TaskHash[]>();

  constructor(under?: MovingKnowledge) {
    super(under);
    this.#under = under;
  }

  override over(): ServerKnowledge {
    return new MovingKnowledge(this);
  }

  override tell(taskhash: TaskHash, outhash: OutHash | undefined, depid: DepId): DepId {
    const known = this.depIdOf(taskhash);
    const tasks = outhash === undefined ? [] : this.#tasksOf(outhash);
    const isNew = outhash !== undefined && !tasks.includes(taskhash);
    if (isNew) this.#tasks.set(outhash, [...tasks, taskhash]);
    const equal = isNew ? this.depIdOfOutput(outhash, taskhash) : undefined;
    const applies = equal ?? known ?? depid;
    this.depids.set(taskhash, applies);
    return applies;
  }

  /** The present depid of the oldest taskhash with this output. @param except that does not count */
  override depIdOfOutput(outhash: OutHash, except?: TaskHash): DepId | undefined {
    const oldest = this.#tasksOf(outhash).find((it) => it !== except);
    return oldest === undefined ? undefined : this.depIdOf(oldest);
  }

  #tasksOf(outhash: OutHash): readonly TaskHash[] {
    const own = this.#tasks.get(outhash);
    if (own !== undefined) return own;
    return this.#under === undefined ? [] : this.#under.#tasksOf(outhash);
  }
}
