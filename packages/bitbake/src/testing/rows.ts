import type { LeftOutEntry, RowSource } from "../table.ts";

/** All rows of a source, and what it left out. */
export async function readAll<Row extends object>(
  source: RowSource<Row>,
): Promise<{ readonly rows: readonly Row[]; readonly leftOut: readonly LeftOutEntry[] }> {
  const rows: Row[] = [];
  for await (const row of source.rows) rows.push(row);
  return { rows, leftOut: source.leftOut.entries };
}
