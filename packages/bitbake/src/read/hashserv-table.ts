import { z } from "zod";
import { BitbakeFileError, excerptOf } from "../file-error.ts";
import type { EquivalenceRow, HashservTable, OutHashRow } from "../hashserv-row.ts";
import { parseTable } from "./table-reader.ts";

const text = z.string();
const optional = text.nullable();
const equivalenceRow: z.ZodType<EquivalenceRow> = z.strictObject({
  method: text,
  taskhash: text,
  depid: text,
  mark: optional,
});
const outHashRow: z.ZodType<OutHashRow> = z.strictObject({
  method: text,
  taskhash: text,
  outhash: text,
  created: optional,
  owner: optional,
  pn: optional,
  pv: optional,
  pr: optional,
  task: optional,
  siginfo: z.int().nullable(),
});

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
