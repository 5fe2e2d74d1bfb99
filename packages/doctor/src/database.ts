/** What a database file shows by itself. */
export interface DatabaseFile {
  readonly path: string;
  /** Name of the network file system it lies on, if it does. */
  readonly network?: string;
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
