import { parseJsonLine } from "@depid/task-graph";
import { z } from "zod";
import { BitbakeFileError } from "./file-error.ts";

export const TABLE_FORMAT = "depid-table/1";

/** What a reader finds in files of BitBake, a row at a time, so that nothing need be in memory as a whole. */
export interface RowSource<Row extends object> {
  readonly header: TableHeader;
  /** Reads the files; once only. @throws {BitbakeFileError} */
  readonly rows: AsyncIterable<Row>;
  /** What was passed over; complete when all rows have been read. */
  readonly leftOut: LeftOut;
}

export interface TableHeader {
  /** What the rows are: `durations`, `objects`, `stamps`, `edges` … */
  readonly table: string;
  /** Where they come from: the file or directory as it was named. */
  readonly source: string;
  /** What these files do not say, a sentence each. */
  readonly unknown: readonly string[];
  /** What was assumed, a sentence each. */
  readonly assumed: readonly string[];
}

/** Counts what a reader passed over, by reason, with the first few examples. */
export class LeftOut {
  readonly #entries = new Map<string, { count: number; readonly examples: string[] }>();

  add(reason: string, example: string): void {
    let entry = this.#entries.get(reason);
    if (entry === undefined) {
      entry = { count: 0, examples: [] };
      this.#entries.set(reason, entry);
    }
    entry.count += 1;
    if (entry.examples.length < MOST_EXAMPLES) entry.examples.push(example);
  }

  /** By reason, in the order in which they came up. */
  get entries(): readonly LeftOutEntry[] {
    return [...this.#entries].map(([reason, { count, examples }]) => ({ reason, count, examples: [...examples] }));
  }
}

export interface LeftOutEntry {
  readonly reason: string;
  readonly count: number;
  /** The first three. */
  readonly examples: readonly string[];
}

const MOST_EXAMPLES = 3;

/** The lines of a table (`depid-table/1`), without line ends. `onRow` sees each row as it passes. */
export async function* formatTable<Row extends object>(
  { header, rows, leftOut }: RowSource<Row>,
  onRow?: (row: Row) => void,
): AsyncGenerator<string> {
  yield JSON.stringify({ format: TABLE_FORMAT, ...header });
  let count = 0;
  for await (const row of rows) {
    count += 1;
    onRow?.(row);
    yield JSON.stringify(row);
  }
  yield JSON.stringify({ end: { rows: count, left_out: leftOut.entries } });
}

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

export interface Table<Row> {
  readonly header: TableHeader;
  readonly rows: readonly Row[];
  readonly leftOut: readonly LeftOutEntry[];
}

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
