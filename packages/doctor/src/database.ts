/** A database that the settings name and that could not be read. */
export interface UnreadDatabase {
  readonly path: string;
  /** `old`: it has tables of a server that are not read here. `empty`: nothing is in it, or other tables than a server's; a server makes its own when it starts. */
  readonly kind: "empty" | "old" | "unreadable";
  readonly reason: string;
  /** Whether tasks were built, and what they reported should be there. */
  readonly wasBuilt: boolean;
}

/** What a database file shows by itself. */
export interface DatabaseFile {
  readonly path: string;
  /** Name of the network file system it lies on, if it does. */
  readonly network?: string;
  /** Whether nobody may write it. */
  readonly isReadOnly?: boolean;
  readonly isWal: boolean;
  /** Bytes of a write-ahead log that no process has open; 0 if there is none. */
  readonly leftLog: number;
  /** Whether its tables are those of a server before 2024. */
  readonly isOld: boolean;
  /** Rows of tables of a server before 2020, which today's servers drop when they start; `undefined` if there are none. */
  readonly droppedRows?: number;
  /** What `quick_check` complains of; `undefined` if it was not asked. */
  readonly damage?: readonly string[];
}
