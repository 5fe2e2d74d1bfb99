import { type DepId, depIdOf, type OutHash, type TaskHash } from "@depid/hash";
import type { DepIdRequest } from "@depid/siggen";

/** What a policy's name space on the server holds, as follows from its answers; and what it held when a build began. */
export class ServerKnowledge {
  readonly #depids = new Map<TaskHash, DepId>();
  readonly #outputs = new Map<OutHash, DepId>();
  #news = new Set<TaskHash>();

  /** A build begins. */
  begin(): void {
    this.#news = new Set();
  }

  /** The server has answered. @param outhash of what was reported; `undefined` for what was only declared */
  add(taskhash: TaskHash, outhash: OutHash | undefined, depid: DepId): void {
    if (outhash !== undefined && !this.#outputs.has(outhash)) this.#outputs.set(outhash, depid);
    if (this.#depids.has(taskhash)) return;
    this.#depids.set(taskhash, depid);
    this.#news.add(taskhash);
  }

  /** The depid of a taskhash; `undefined` if the server has none. */
  depIdOf(taskhash: TaskHash): DepId | undefined {
    return this.#depids.get(taskhash);
  }

  /** The depid that a new taskhash gets with this output; `undefined` if nobody has reported it. */
  depIdOfOutput(outhash: OutHash): DepId | undefined {
    return this.#outputs.get(outhash);
  }

  /** The depid that the task had when the build began. */
  depIdAtStart({ taskhash, askable }: DepIdRequest): DepId {
    const known = askable && !this.#news.has(taskhash) ? this.#depids.get(taskhash) : undefined;
    return known ?? depIdOf(taskhash);
  }

  /** The depid that the task has once it has reported this outhash. */
  depIdAtEnd({ taskhash, askable }: DepIdRequest, outhash: OutHash): DepId {
    if (!askable) return depIdOf(taskhash);
    return this.#depids.get(taskhash) ?? this.#outputs.get(outhash) ?? depIdOf(taskhash);
  }
}
