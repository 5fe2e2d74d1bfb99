/** What a reporter may tell of a task besides its hashes; `null` where nothing was told (section 7, report). */
export interface TaskDetails {
  readonly owner: string | null;
  readonly PN: string | null;
  readonly PV: string | null;
  readonly PR: string | null;
  readonly task: string | null;
  /** The text whose digest is the outhash, if the reporter sent it. */
  readonly outhashSiginfo: string | null;
}

/** Names a row of the equivalence map. Any text, compared byte for byte; not always 64 hex digits (section 1). */
export interface EquivalenceKey {
  readonly method: string;
  readonly taskhash: string;
}

/** A row of the equivalence map. */
export interface Equivalence extends EquivalenceKey {
  /** As stored: out of an old database it need not be a valid depid. */
  readonly depid: string;
}

/** Names a recorded output. */
export interface OutHashKey extends EquivalenceKey {
  readonly outhash: string;
}

/** A recorded output as it is stored and sent. */
export interface OutHashRow extends OutHashKey {
  /** Row number; has gaps and no meaning to clients. */
  readonly id: number;
  /** When it was first reported: ISO 8601, UTC, microseconds; older databases hold other forms, or null. */
  readonly created: string | null;
  readonly details: TaskDetails;
}

/** A recorded output, with the depid of its taskhash. */
export interface JoinedRow extends OutHashRow {
  /** As stored: out of an old database it need not be a valid depid. */
  readonly depid: string;
  /** Garbage collection mark; "" unless marked. */
  readonly mark: string;
}

/** Details of which nothing was told. */
export const NO_DETAILS: TaskDetails = { owner: null, PN: null, PV: null, PR: null, task: null, outhashSiginfo: null };

/** What a row may be chosen by: columns of either table. */
export type ConditionColumn = keyof OutHashKey | "depid" | "mark" | "created" | keyof TaskDetails;

/** Columns and the text they must equal, all of them. None: nothing is chosen. */
export type Conditions = { readonly [Column in ConditionColumn]?: string };
