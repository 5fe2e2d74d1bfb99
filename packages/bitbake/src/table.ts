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

/** A table that was read. */
export interface Table<Row> {
  readonly header: TableHeader;
  readonly rows: readonly Row[];
  readonly leftOut: readonly LeftOutEntry[];
}
