import { type DepId, depIdOf, type OutHash, type TaskHash } from "@depid/hash";
import type { DepIdRequest } from "@depid/siggen";

/**
 * What a policy's name space on the server holds, as follows from what it was told, by its rule (hashserv-protocol.md section 9): a taskhash keeps its first
 * depid, the first report of an output decides for those that follow.
 */
export class ServerKnowledge {
  protected readonly base: ServerKnowledge | undefined;
  protected readonly depids = new Map<TaskHash, DepId>();
  readonly #outputs = new Map<OutHash, DepId>();

  /** @param base what is known already; is left as it is */
  constructor(base?: ServerKnowledge) {
    this.base = base;
  }

  /** Another that goes on from here, and leaves this one as it is. */
  over(): ServerKnowledge {
    return new ServerKnowledge(this);
  }

  /**
   * The server is told of a taskhash.
   *
   * @param outhash of what is reported; `undefined` for what is only declared
   * @param depid which is proposed
   * @returns the one that applies from now on
   */
  tell(taskhash: TaskHash, outhash: OutHash | undefined, depid: DepId): DepId {
    const known = this.depIdOf(taskhash);
    const equal = outhash === undefined ? undefined : this.depIdOfOutput(outhash);
    const applies = known ?? equal ?? depid;
    if (known === undefined) this.depids.set(taskhash, applies);
    if (outhash !== undefined && equal === undefined) this.#outputs.set(outhash, applies);
    return applies;
  }

  /** The depid of a taskhash; `undefined` if the server has none. */
  depIdOf(taskhash: TaskHash): DepId | undefined {
    return this.depids.get(taskhash) ?? this.base?.depIdOf(taskhash);
  }

  /** The depid of a task by what the server knew before it heard of these. @param news taskhashes that came since */
  depIdBefore({ taskhash, askable }: DepIdRequest, news: ReadonlySet<TaskHash>): DepId {
    const known = askable && !news.has(taskhash) ? this.depIdOf(taskhash) : undefined;
    return known ?? depIdOf(taskhash);
  }

  /** The depid that a task has once it has reported this outhash. */
  depIdAfter({ taskhash, askable }: DepIdRequest, outhash: OutHash): DepId {
    if (!askable) return depIdOf(taskhash);
    return this.depIdOf(taskhash) ?? this.depIdOfOutput(outhash) ?? depIdOf(taskhash);
  }

  /** The depid that a new taskhash gets with this output; `undefined` if nobody has reported it. */
  depIdOfOutput(outhash: OutHash): DepId | undefined {
    return this.#outputs.get(outhash) ?? this.base?.depIdOfOutput(outhash);
  }
}
