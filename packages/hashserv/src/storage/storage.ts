import type {
  ConditionColumn,
  Conditions,
  Equivalence,
  EquivalenceKey,
  JoinedRow,
  OutHashKey,
  OutHashRow,
  TaskDetails,
} from "@depid/hashserv-protocol";
import type { MaybePromise } from "../maybe-promise.ts";
import type { KnownOfReport, ReportOutcome, ReportToRecord } from "../rule/report-rule.ts";

/**
 * Where the equivalence map, the recorded outputs, users and the garbage collection mark are kept (sections 1 and 13).
 * A driver is a folder beside this file and a line in `open-storage.ts`.
 */
export interface Storage {
  /** Sees what is committed. */
  readonly read: StorageReader;
  /**
   * Runs `work` alone: no other transaction, of this process or another, sees or changes rows meanwhile. When the
   * promise resolves everything is committed; when `work` throws nothing of it is. Transactions that arrive together
   * may share one commit. `work` awaits nothing but its `rows`, and does nothing else: it may be called again when
   * what it did was taken back.
   */
  transaction<T>(work: (rows: StorageTransaction) => MaybePromise<T>): Promise<T>;
  /**
   * Records what came out of tasks by the rule of `report-rule.ts`, in one transaction: as `transaction` with
   * `recordReports` does, but wherever that is cheapest for the driver.
   */
  recordReports(reports: readonly ReportToRecord[]): Promise<readonly ReportOutcome[]>;
  /** What it takes on disk; `undefined` where it takes nothing. @throws when the database does not answer */
  sizeInBytes(): Promise<StorageSize | undefined>;
  /** Asks the database something, and looks whether it is still the one that was opened. @throws {StorageError} if not */
  check(): Promise<void>;
  /** Waits for transactions under way, then lets go of files and connections. Transactions that come later fail. */
  close(): Promise<void>;
  /** Reports that are answered, and safe, but not in the tables yet; absent where there are never any. */
  readonly pendingReports?: number | undefined;
}

/** Bytes on disk. */
export interface StorageSize {
  /** What keeps the rows: the SQLite file, or our tables in PostgreSQL with their indexes. */
  readonly main: number;
  /** The write-ahead log, where it is the database's alone: SQLite has one for each file. */
  readonly wal: number | undefined;
}

/**
 * What is asked of the rows. A driver that has nothing to wait for gives its answer at once, without a promise: look-ups
 * come in thousands. Those for streams take batches, because what arrives together is answered together.
 */
export interface StorageReader {
  /** The depid stored for each key, in the order asked. */
  findDepIds(keys: readonly EquivalenceKey[]): MaybePromise<readonly (string | undefined)[]>;
  /** Whether any row has this depid, under any method; in the order asked. */
  depIdsExist(depids: readonly string[]): MaybePromise<readonly boolean[]>;
  /** The oldest output of a taskhash, with its depid; `undefined` if either is missing. */
  findOldestOfTask(key: EquivalenceKey): MaybePromise<JoinedRow | undefined>;
  /**
   * The oldest row with this output whose taskhash has a depid. Takes no longer when many rows share the output.
   *
   * @param except a taskhash whose rows do not count
   */
  findOldestOfOutput(method: string, outhash: string, except?: string): MaybePromise<JoinedRow | undefined>;
  /** The oldest row with this output, whether its taskhash has a depid or not. */
  findOldestRecord(method: string, outhash: string): MaybePromise<OutHashRow | undefined>;
  /** The current garbage collection mark. "" is a mark, too. */
  findMark(): MaybePromise<string | undefined>;
  /** How many equivalences have this mark, and how many another. May be long, and then holds up nobody else. */
  countMarks(mark: string): Promise<MarkCounts>;
  /** How many rows each table has, by its name. May be long, and then holds up nobody else. */
  countRows(): Promise<ReadonlyMap<string, number>>;
  findUser(username: string): MaybePromise<User | undefined>;
  /** In order of creation. */
  listUsers(): MaybePromise<readonly User[]>;
}

/**
 * When the disk is waited for. `full`: before each answer to a report. `normal`: now and then; after a power failure the
 * last reports may be missing, the file is in order. `off`: never; after a power failure the file may be damaged.
 */
export type Durability = (typeof DURABILITIES)[number];
export const DURABILITIES = ["normal", "full", "off"] as const;

/** "Oldest" is by the text of `created`, null first, then by `id`. */
export interface StorageTransaction extends StorageReader {
  /** All that decides on a report, in one statement. */
  findKnown(report: OutHashKey): MaybePromise<KnownOfReport>;
  /** Records an output; does nothing when that row exists. */
  insertOutHash(row: NewOutHashRow): MaybePromise<void>;
  /** Adds a row with the current garbage collection mark; does nothing when the key has one. */
  insertEquivalence(row: Equivalence): MaybePromise<void>;
  /** Makes a mark the current one; `undefined`: none is. Rows are not touched. */
  setMark(mark: string | undefined): MaybePromise<void>;
  /** @returns false, and does nothing, when the name is taken */
  insertUser(user: User): MaybePromise<boolean>;
  /** @returns false when there is no such user */
  updateUser(username: string, change: Partial<Pick<User, "token" | "permissions">>): MaybePromise<boolean>;
  /** @returns false when there is no such user */
  removeUser(username: string): MaybePromise<boolean>;

  // Changes of many rows, in slices: none holds up others for long.

  /** Marks the equivalences for which all conditions hold. Those that had the mark count. */
  markEquivalences(where: EquivalenceConditions, mark: string, slice: Slice): MaybePromise<SliceDone>;
  removeEquivalences(where: EquivalenceConditions, slice: Slice): MaybePromise<SliceDone>;
  removeOutHashes(where: OutHashConditions, slice: Slice): MaybePromise<SliceDone>;
  /** Removes the equivalences that have another mark. */
  removeUnmarked(mark: string, slice: Slice): MaybePromise<SliceDone>;
  /** Removes outputs whose taskhash has no depid, and whose `created` is less than this as text. Null is not. */
  removeUnused(before: string, slice: Slice): MaybePromise<SliceDone>;
}

/** A row to be recorded; the storage gives it an id. */
export interface NewOutHashRow extends OutHashKey {
  /** When; now if absent. A row that is copied from another server keeps its time. */
  readonly created?: string | null;
  readonly details: TaskDetails;
}

/** Columns of the equivalence map that conditions may name. */
export const EQUIVALENCE_COLUMNS = ["method", "taskhash", "depid", "mark"] as const;
/** Columns of the recorded outputs that conditions may name. */
export const OUTHASH_COLUMNS = [
  "method",
  "taskhash",
  "outhash",
  "created",
  "owner",
  "PN",
  "PV",
  "PR",
  "task",
  "outhashSiginfo",
] as readonly OutHashColumn[];
type OutHashColumn = Exclude<ConditionColumn, "depid" | "mark">;

/** Equality, all of it; never empty. */
export type EquivalenceConditions = Pick<Conditions, (typeof EQUIVALENCE_COLUMNS)[number]>;
/** Equality, all of it; never empty. */
export type OutHashConditions = Pick<Conditions, OutHashColumn>;

/** A part of a change of many rows, small enough for one transaction: the rows that follow one in order of their ids. */
export interface Slice {
  /** The `next` of the slice before; 0 for the first. */
  readonly after: number;
  /** Rows to be looked at, at most. */
  readonly limit: number;
}

export interface SliceDone {
  /** Rows the change applied to. */
  readonly count: number;
  /** Where the next slice begins; `undefined` when this was the last. */
  readonly next: number | undefined;
}

export interface MarkCounts {
  readonly equal: number;
  readonly other: number;
}

/** A user as stored. */
export interface User {
  readonly username: string;
  /** `ALGORITHM:SALT:HEX`, never the token itself (section 11). */
  readonly token: string;
  /** As stored; names this version does not know grant nothing. */
  readonly permissions: readonly string[];
}
