import type { DepId, TaskHash } from "@depid/hash";

/**
 * The depids that tasks of earlier builds had. Kept by who alone builds with a store and a name space of the server, for all builds there, whatever
 * the builder.
 */
export interface EarlierDepIds {
  has(depid: DepId): boolean;
  add(depid: DepId): unknown;
}

/** What of a build's hashes is new to everybody. Written by `unseen.ts`. */
export interface UnseenState {
  readonly earlier: EarlierDepIds;
  /** Depids that this build is the first to have, and the task whose taskhash each is; -1 where that is not known. */
  readonly born: Map<DepId, number>;
  /** Whether the depid of a task, as the generator has it, is new: no earlier build had it. */
  readonly isNew: Uint8Array;
  /** How many of the dependencies that a task hashes have a new depid. Counted from the first rehash on. */
  readonly newBelow: Int32Array;
  /** Tasks that the server has heard of in this build. */
  readonly isTold: Uint8Array;
  /** What follows from the graph, made with the first rehash. */
  kin: Kin | undefined;
}

/** Tasks that might have the same taskhash: with equal metadata, in equal places. */
export interface Kin {
  /** Number of the group. */
  readonly groupOf: Int32Array;
  /** Of groups with several tasks that the server may know: the new taskhashes that this build told it of, or began with. */
  readonly told: readonly (Told[] | undefined)[];
}

/** A taskhash that is known meanwhile, by the depids which it is made of. */
export interface Told {
  readonly task: number;
  /** `undefined`: not known. */
  readonly depids: readonly DepId[] | undefined;
}

/** @param taskhashes and depids at the start */
export function createUnseenState(
  earlier: EarlierDepIds,
  taskhashes: readonly TaskHash[],
  depids: readonly DepId[],
): UnseenState {
  const size = depids.length;
  const born = new Map<DepId, number>();
  const isNew = new Uint8Array(size);
  depids.forEach((depid, task) => {
    if (earlier.has(depid)) return;
    isNew[task] = 1;
    const isOwn = (taskhashes[task] as string) === depid;
    if (isOwn || !born.has(depid)) born.set(depid, isOwn ? task : -1);
  });
  return { earlier, born, isNew, newBelow: new Int32Array(size), isTold: new Uint8Array(size), kin: undefined };
}
