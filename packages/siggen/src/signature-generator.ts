import type { DepId, StampHash, TaskHash } from "@depid/hash";
import type { Task } from "@depid/task-graph";
import type { TaskHashInput } from "./taskhash.ts";

/** Decides what a task's signature is. Knows nothing of order, stamps or sockets. */
export interface SignatureGenerator {
  readonly name: string;
  /** Which hash a stamp's name carries (runqueue.md section 4). */
  readonly stampHash: StampHash;
  /** Pure: equal inputs give equal hashes on any machine, in any locale. */
  taskhash(input: TaskHashInput): TaskHash;
  /** The depids of these tasks, in the order asked; one round trip however many there are. */
  depids(tasks: readonly DepIdRequest[]): readonly DepId[] | Promise<readonly DepId[]>;
}

/** A task whose depid is wanted. */
export interface DepIdRequest {
  readonly task: Task;
  readonly taskhash: TaskHash;
  /**
   * Whether the server may know the task: it is one of the build's setscene tasks, or the build has none at all
   * (runqueue.md section 3). All others are never asked for.
   */
  readonly askable: boolean;
}

/** What equivhash needs of a server. `hashserv-client` has this shape; neither imports the other. */
export interface DepIdSource {
  /** The depids of these taskhashes, in the order asked; undefined where none is known. */
  getDepIds(queries: readonly DepIdQuery[]): Promise<readonly (DepId | undefined)[]>;
}

export interface DepIdQuery {
  /** Name space of the taskhash on the server: the output hash method. */
  readonly method: string;
  readonly taskhash: TaskHash;
}
