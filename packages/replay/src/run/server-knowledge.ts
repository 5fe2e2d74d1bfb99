import { type DepId, depIdOf, type OutHash, type TaskHash } from "@depid/hash";
import type { DepIdRequest } from "@depid/siggen";

/** What a server knows that is asked for what another one does not; `undefined` while it does not answer. */
export type Upstream = () => ServerKnowledge | undefined;

/**
 * What a policy's name space on the server holds, as follows from what it was told, by its rule (hashserv-protocol.md section 9): a taskhash keeps its first
 * depid, the first report of an output decides for those that follow.
 */
export class ServerKnowledge {
  protected readonly base: ServerKnowledge | undefined;
  protected readonly depids = new Map<TaskHash, DepId>();
  readonly #outputs = new Map<OutHash, DepId>();
  readonly #upstream: Upstream | undefined;

  /**
   * @param base what is known already; is left as it is
   * @param upstream who is asked for what is not known here
   */
  constructor(base?: ServerKnowledge, upstream?: Upstream) {
    this.base = base;
    this.#upstream = upstream;
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
    const known = this.ownDepIdOf(taskhash);
    const equal = outhash === undefined ? undefined : this.ownDepIdOfOutput(outhash);
    const applies = known ?? equal ?? (outhash === undefined ? depid : (this.upstreamDepIdOf(outhash) ?? depid));
    if (known === undefined) this.depids.set(taskhash, applies);
    if (outhash !== undefined) this.note(outhash, taskhash, equal ?? applies);
    return applies;
  }

  /** A taskhash was reported with an output. @param first depid of the first that was */
  protected note(outhash: OutHash, _taskhash: TaskHash, first: DepId): void {
    this.#outputs.set(outhash, first);
  }

  /** The depid of a taskhash; `undefined` if neither the server nor its upstream has one. */
  depIdOf(taskhash: TaskHash): DepId | undefined {
    return this.ownDepIdOf(taskhash) ?? this.upstream?.depIdOf(taskhash);
  }

  /** The same in the server's own database. */
  ownDepIdOf(taskhash: TaskHash): DepId | undefined {
    return this.depids.get(taskhash) ?? this.base?.ownDepIdOf(taskhash);
  }

  /** The depid that the server had for a task before it heard of these; `undefined` if it had none, or is not asked. @param news taskhashes that came since */
  knownBefore({ taskhash, askable }: DepIdRequest, news: ReadonlySet<TaskHash>): DepId | undefined {
    return askable && !news.has(taskhash) ? this.depIdOf(taskhash) : undefined;
  }

  /** The depid that a task has once it has reported this outhash. */
  depIdAfter({ taskhash, askable }: DepIdRequest, outhash: OutHash): DepId {
    if (!askable) return depIdOf(taskhash);
    return this.depIdOf(taskhash) ?? this.depIdOfOutput(outhash) ?? depIdOf(taskhash);
  }

  /** The depid that a new taskhash gets with this output; `undefined` if nobody has reported it. */
  depIdOfOutput(outhash: OutHash): DepId | undefined {
    return this.ownDepIdOfOutput(outhash) ?? this.upstreamDepIdOf(outhash);
  }

  /** The same in the server's own database. */
  ownDepIdOfOutput(outhash: OutHash): DepId | undefined {
    return this.#outputs.get(outhash) ?? this.base?.ownDepIdOfOutput(outhash);
  }

  /** What the upstream knows, as long as it answers. */
  protected get upstream(): ServerKnowledge | undefined {
    return this.base === undefined ? this.#upstream?.() : this.base.upstream;
  }

  protected upstreamDepIdOf(outhash: OutHash): DepId | undefined {
    return this.upstream?.depIdOfOutput(outhash);
  }
}
