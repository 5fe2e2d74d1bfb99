import type { DepId, OutHash, TaskHash } from "@depid/hash";
import { RowKnowledge } from "./row-knowledge.ts";

/**
 * The map of BitBake's server before October 2021 (its commit 20d6ac75 of 2021): a taskhash that is reported with an output which it was not reported with
 * before, and which another taskhash was, gets that one's depid, also if it had one. The oldest such taskhash decides.
 */
export class MovingKnowledge extends RowKnowledge {
  override over(): MovingKnowledge {
    return new MovingKnowledge(this);
  }

  override tell(taskhash: TaskHash, outhash: OutHash | undefined, depid: DepId): DepId {
    const known = this.ownDepIdOf(taskhash);
    const isNew = outhash !== undefined && !this.tasksOf(outhash).includes(taskhash);
    if (isNew) this.note(outhash, taskhash);
    const equal = isNew ? this.ownDepIdOfOutput(outhash, taskhash) : undefined;
    const applies = equal ?? known ?? (isNew ? this.upstreamDepIdOf(outhash) : undefined) ?? depid;
    this.depids.set(taskhash, applies);
    return applies;
  }
}
