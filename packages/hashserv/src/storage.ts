import type {
  Equivalence,
  EquivalenceKey,
  JoinedRow,
  OutHashKey,
  OutHashRow,
  TaskDetails,
} from "@depid/hashserv-protocol";

/**
 * Where the equivalence map and the recorded outputs are kept (sections 1 and 13). Reads see what is committed. They
 * take batches, because what arrives together is answered together: one statement, one promise for many lines.
 */
export interface Storage extends StorageReader {
  /**
   * Runs `work` alone: no other transaction, of this process or another, sees or changes rows meanwhile. When the
   * promise resolves everything is committed; when `work` throws nothing of it is. Transactions that arrive together
   * may share one commit. `work` awaits nothing but its `rows`.
   */
  transaction<T>(work: (rows: StorageTransaction) => Promise<T>): Promise<T>;
  /** Waits for transactions under way, then lets go of files and connections. */
  close(): Promise<void>;
}

export interface StorageReader {
  /** The depid stored for each key, in the order asked. */
  findDepIds(keys: readonly EquivalenceKey[]): Promise<readonly (string | undefined)[]>;
  /** Whether any row has this depid, under any method; in the order asked. */
  depIdsExist(depids: readonly string[]): Promise<readonly boolean[]>;
  /** The oldest output of a taskhash, with its depid; `undefined` if either is missing. */
  findOldestOfTask(key: EquivalenceKey): Promise<JoinedRow | undefined>;
  /**
   * The oldest row with this output whose taskhash has a depid. Takes no longer when many rows share the output.
   *
   * @param except a taskhash whose rows do not count
   */
  findOldestOfOutput(method: string, outhash: string, except?: string): Promise<JoinedRow | undefined>;
  /** The oldest row with this output, whether its taskhash has a depid or not. */
  findOldestRecord(method: string, outhash: string): Promise<OutHashRow | undefined>;
}

/** "Oldest" is by the text of `created`, null first, then by `id`. */
export interface StorageTransaction extends StorageReader {
  /** Records an output, created now; does nothing when that row exists. */
  insertOutHash(row: NewOutHashRow): Promise<void>;
  /** Adds a row with the current garbage collection mark; does nothing when the key has one. */
  insertEquivalence(row: Equivalence): Promise<void>;
}

/** A row to be recorded; the storage gives it an id and the time. */
export interface NewOutHashRow extends OutHashKey {
  readonly details: TaskDetails;
}
