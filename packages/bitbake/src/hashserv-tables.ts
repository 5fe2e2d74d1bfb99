/** A table of a hash equivalence server's database, with the columns that are read. */
export interface KnownTable {
  readonly table: string;
  readonly columns: readonly string[];
}

export const OUTHASH_COLUMNS: readonly string[] = [
  ...["method", "taskhash", "outhash", "created", "owner", "PN", "PV", "PR", "task"],
];

/** The tables that BitBake's servers have had, the newest first; the oldest held both in one table, and no marks. */
export const EQUIVALENCE_TABLES: readonly KnownTable[] = [
  { table: "unihashes_v3", columns: ["method", "taskhash", "unihash", "gc_mark"] },
  { table: "unihashes_v2", columns: ["method", "taskhash", "unihash"] },
  { table: "tasks_v2", columns: ["method", "taskhash", "unihash"] },
];
export const OUTHASH_TABLES: readonly KnownTable[] = [
  { table: "outhashes_v2", columns: OUTHASH_COLUMNS },
  { table: "tasks_v2", columns: OUTHASH_COLUMNS },
];

/** Whether a table is of a server of any release, and holds what was reported. */
export function isServerTable(name: string): boolean {
  return /^(?:tasks|unihashes|outhashes)_v\d+$/.test(name);
}
