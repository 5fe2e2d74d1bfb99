/** What BitBake calls the database of the server that it starts for a build. */
export const HASHSERV_DATABASE = "hashserv.db";

/** A table of a hash equivalence server's database, with the columns that are read. */
export interface KnownTable {
  readonly table: string;
  readonly columns: readonly string[];
}

export const OUTHASH_COLUMNS: readonly string[] = [
  "method",
  "taskhash",
  "outhash",
  "created",
  "owner",
  "PN",
  "PV",
  "PR",
  "task",
];

/** Column of the texts that outhashes were made of. */
export const OUTHASH_TEXT = "outhash_siginfo";
/** The table of servers before 2020, which today's drop. */
export const DROPPED_TABLE = "tasks_v2";

/** The tables that BitBake's servers have had, the newest first; the oldest held both in one table, and no marks. */
export const EQUIVALENCE_TABLES: readonly KnownTable[] = [
  { table: "unihashes_v3", columns: ["method", "taskhash", "unihash", "gc_mark"] },
  { table: "unihashes_v2", columns: ["method", "taskhash", "unihash"] },
  { table: DROPPED_TABLE, columns: ["method", "taskhash", "unihash"] },
];
export const OUTHASH_TABLES: readonly KnownTable[] = [
  { table: "outhashes_v2", columns: OUTHASH_COLUMNS },
  { table: DROPPED_TABLE, columns: OUTHASH_COLUMNS },
];

/** Whether a table is of a server of any release, and holds what was reported. */
export function isServerTable(name: string): boolean {
  return /^(?:tasks|unihashes|outhashes)_v\d+$/.test(name);
}
