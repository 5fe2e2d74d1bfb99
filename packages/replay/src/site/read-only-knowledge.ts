import type { DepId, OutHash, TaskHash } from "@depid/hash";
import { ServerKnowledge } from "../run/server-knowledge.ts";

/**
 * What a builder learns of a read-only server on the database of another one. A report is answered by its output alone, whatever depid the taskhash has, and not kept; a
 * declaration is refused, and BitBake goes on as if the task had the depid that was looked up. Such a server has no upstream (hashserv-protocol.md sections 9 and 12).
 */
export class ReadOnlyKnowledge extends ServerKnowledge {
  readonly #of: () => ServerKnowledge;

  constructor(of: () => ServerKnowledge) {
    super();
    this.#of = of;
  }

  override over(): this {
    return this;
  }

  override ownDepIdOf(taskhash: TaskHash): DepId | undefined {
    return this.#of().ownDepIdOf(taskhash);
  }

  override ownDepIdOfOutput(outhash: OutHash): DepId | undefined {
    return this.#of().ownDepIdOfOutput(outhash);
  }

  override tell(taskhash: TaskHash, outhash: OutHash | undefined, depid: DepId): DepId {
    if (outhash !== undefined) return this.ownDepIdOfOutput(outhash) ?? depid;
    return this.ownDepIdOf(taskhash) ?? (taskhash as string as DepId);
  }
}
