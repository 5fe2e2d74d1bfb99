import type { Table } from "./table.ts";

/** A row of a hash equivalence server's map. One row of the table `equivalences`. Texts are as the database has them: any word. */
export interface EquivalenceRow {
  readonly method: string;
  readonly taskhash: string;
  /** `unihash` in the database. */
  readonly depid: string;
  /** Mark of the garbage collection; null in schemas that have none (before unihashes_v3). */
  readonly mark: string | null;
}

/** A report that a hash equivalence server took. One row of the table `outhashes`. */
export interface OutHashRow {
  readonly method: string;
  readonly taskhash: string;
  readonly outhash: string;
  /** ISO 8601, as the server wrote it; null if it did not. */
  readonly created: string | null;
  readonly owner: string | null;
  readonly pn: string | null;
  readonly pv: string | null;
  readonly pr: string | null;
  /** With `do_` or without, as it was reported. */
  readonly task: string | null;
  /** Characters of the text that was hashed (`outhash_siginfo`), if it was reported; null if not. */
  readonly siginfo: number | null;
}

/** One of the tables that `depid import hashserv` writes, by the name in its header. */
export type HashservTable =
  | ({ readonly name: "equivalences" } & Table<EquivalenceRow>)
  | ({ readonly name: "outhashes" } & Table<OutHashRow>);
