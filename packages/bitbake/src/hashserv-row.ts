import { z } from "zod";
import { BitbakeFileError, excerptOf } from "./file-error.ts";
import { parseTable, type Table } from "./table.ts";

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

const text = z.string();
const optional = text.nullable();
const equivalenceRow: z.ZodType<EquivalenceRow> = z.strictObject({
  method: text,
  taskhash: text,
  depid: text,
  mark: optional,
});
const outHashRow: z.ZodType<OutHashRow> = z.strictObject({
  ...{ method: text, taskhash: text, outhash: text, created: optional, owner: optional },
  ...{ pn: optional, pv: optional, pr: optional, task: optional, siginfo: z.int().nullable() },
});

/** One of the tables that `depid import hashserv` writes, by the name in its header. */
export type HashservTable =
  | ({ readonly name: "equivalences" } & Table<EquivalenceRow>)
  | ({ readonly name: "outhashes" } & Table<OutHashRow>);

/**
 * Reads a table of `depid import hashserv`, either of the two.
 *
 * @throws {BitbakeFileError} naming source, line and field
 */
export function parseHashservTable(lines: readonly string[], source: string): HashservTable {
  const name = nameOfTable(lines[0] ?? "");
  if (name === "equivalences") return { name, ...parseTable(lines, source, equivalenceRow) };
  if (name === "outhashes") return { name, ...parseTable(lines, source, outHashRow) };
  throw new BitbakeFileError(source, 1, `table: expected equivalences or outhashes, found ${excerptOf(name)}`);
}

function nameOfTable(first: string): string {
  try {
    const header: unknown = JSON.parse(first);
    return String((header as { readonly table?: unknown } | null)?.table ?? first);
  } catch {
    return first;
  }
}
