import { z } from "zod";
import { BitbakeFileError, excerptOf } from "../file-error.ts";
import type { SstateObjectRow } from "../sstate-object.ts";
import type { Table } from "../table.ts";
import { parseTable } from "./table-reader.ts";

/** What of an object's row says how large it is. */
export type ObjectSizeRow = Pick<SstateObjectRow, "pn" | "task" | "size" | "siginfo" | "sig">;

const bytes = z.int().min(0).nullable();
const row: z.ZodType<ObjectSizeRow> = z.object({
  pn: z.string(),
  task: z.string(),
  size: bytes,
  siginfo: bytes,
  sig: bytes,
});

/**
 * Reads what a table `objects`, as `depid import sstate` writes it, says of sizes.
 *
 * @throws {BitbakeFileError} naming source, line and field
 */
export function parseObjectTable(lines: Iterable<string>, source: string): Table<ObjectSizeRow> {
  const table = parseTable(lines, source, row);
  if (table.header.table !== "objects")
    throw new BitbakeFileError(source, 1, `table: expected objects, found ${excerptOf(table.header.table)}`);
  return table;
}
