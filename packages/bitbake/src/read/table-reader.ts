import { parseJsonLine } from "@depid/task-graph/read";
import { z } from "zod";
import { BitbakeFileError } from "../file-error.ts";
import { type LeftOutEntry, TABLE_FORMAT, type Table, type TableHeader } from "../table.ts";

const text = z.string();
const headerRow = z.strictObject({
  format: z.literal(TABLE_FORMAT),
  table: text,
  source: text,
  unknown: z.array(text),
  assumed: z.array(text),
});
const endRow = z.strictObject({
  end: z.strictObject({
    rows: z.int(),
    left_out: z.array(z.strictObject({ reason: text, count: z.int(), examples: z.array(text) })),
  }),
});

/**
 * Reads the lines of a table, without line ends; the inverse of `formatTable`.
 *
 * @param row what a row of this table is
 * @throws {BitbakeFileError} naming source, line and field
 */
export function parseTable<Row>(lines: Iterable<string>, source: string, row: z.ZodType<Row>): Table<Row> {
  let header: TableHeader | undefined;
  let leftOut: readonly LeftOutEntry[] | undefined;
  const rows: Row[] = [];
  let line = 0;
  for (const content of lines) {
    line += 1;
    if (header === undefined) {
      const { format: _, ...rest } = parseJsonLine(headerRow, content, source, line, BitbakeFileError);
      header = rest;
      continue;
    }
    if (leftOut !== undefined) throw new BitbakeFileError(source, line, "expected nothing behind the line `end`");
    if (!content.startsWith('{"end":')) rows.push(parseJsonLine(row, content, source, line, BitbakeFileError));
    else {
      const { end } = parseJsonLine(endRow, content, source, line, BitbakeFileError);
      if (end.rows !== rows.length)
        throw new BitbakeFileError(source, line, `end.rows: ${end.rows}, but there are ${rows.length}`);
      leftOut = end.left_out;
    }
  }
  if (header === undefined)
    throw new BitbakeFileError(source, 0, `expected a first line with "format": "${TABLE_FORMAT}", found nothing`);
  if (leftOut === undefined) throw new BitbakeFileError(source, line, "the line `end` is missing (truncated?)");
  return { header, rows, leftOut };
}
