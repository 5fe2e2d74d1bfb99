import { type DepId, depIdOf, type OutHash, type TaskHash } from "@depid/hash";
import type { DepIdRequest } from "@depid/siggen";

/** What a policy's name space on the server holds, as follows from its answers. */
export class ServerKnowledge {
  readonly #depids = new Map<TaskHash, DepId>();
  readonly #outputs = new Map<OutHash, DepId>();

  /**
   * The server has answered.
   *
   * @param outhash of what was reported; `undefined` for what was only declared
   * @returns whether it had nothing of the taskhash before
   */
  add(taskhash: TaskHash, outhash: OutHash | undefined, depid: DepId): boolean {
    if (outhash !== undefined && !this.#outputs.has(outhash)) this.#outputs.set(outhash, depid);
    if (this.#depids.has(taskhash)) return false;
    this.#depids.set(taskhash, depid);
    return true;
  }

  /** The depid of a taskhash; `undefined` if the server has none. */
  depIdOf(taskhash: TaskHash): DepId | undefined {
    return this.#depids.get(taskhash);
  }

  /** The depid that a new taskhash gets with this output; `undefined` if nobody has reported it. */
  depIdOfOutput(outhash: OutHash): DepId | undefined {
    return this.#outputs.get(outhash);
  }

  /** The depid of a task by what the server knew before it heard of these. @param news taskhashes that came since */
  depIdBefore({ taskhash, askable }: DepIdRequest, news: ReadonlySet<TaskHash>): DepId {
    const known = askable && !news.has(taskhash) ? this.#depids.get(taskhash) : undefined;
    return known ?? depIdOf(taskhash);
  }

  /** The depid that a task has once it has reported this outhash. */
  depIdAfter({ taskhash, askable }: DepIdRequest, outhash: OutHash): DepId {
    if (!askable) return depIdOf(taskhash);
    return this.#depids.get(taskhash) ?? this.#outputs.get(outhash) ?? depIdOf(taskhash);
  }
}
