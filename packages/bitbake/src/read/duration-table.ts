import { z } from "zod";
import type { DurationRow } from "../buildstats.ts";
import { BitbakeFileError, excerptOf } from "../file-error.ts";
import type { Table } from "../table.ts";
import { parseTable } from "./table-reader.ts";

const durationRow: z.ZodType<DurationRow> = z.strictObject({
  build: z.string(),
  recipe: z.string(),
  version: z.string(),
  task: z.string(),
  seconds: z.number().nonnegative(),
  cpu: z.number().nonnegative().nullable().default(null),
  start: z.number(),
  status: z.enum(["passed", "failed"]).nullable(),
});

/**
 * Reads a table `durations`, as `depid import buildstats` writes it. Rows of before `cpu` was written have none.
 *
 * @throws {BitbakeFileError} naming source, line and field
 */
export function parseDurationTable(lines: Iterable<string>, source: string): Table<DurationRow> {
  const table = parseTable(lines, source, durationRow);
  if (table.header.table !== "durations")
    throw new BitbakeFileError(source, 1, `table: expected durations, found ${excerptOf(table.header.table)}`);
  return table;
}
