import { ConsoleLogReader, type SummaryRow } from "../console-log.ts";
import { LeftOut, type RowSource } from "../table.ts";
import { readTextLines } from "./text-lines.ts";

/** Reads BitBake's console output, or a cooker log: one row per build. @throws {BitbakeFileError} when reading rows */
export function readConsoleLog(file: string): RowSource<SummaryRow> {
  async function* rows(): AsyncGenerator<SummaryRow> {
    const reader = new ConsoleLogReader();
    const found: SummaryRow[] = [];
    const take = (row: SummaryRow | undefined): void => {
      if (row !== undefined) found.push(row);
    };
    await readTextLines(file, (line) => take(reader.push(line)), { otherBytes: "replaced" });
    take(reader.end());
    yield* found;
  }
  return {
    header: {
      table: "summaries",
      source: file,
      unknown: ["which tasks were wanted, found or run: the log counts them"],
      assumed: ["a build begins with its sstate summary, or, if it has none, with its task summary"],
    },
    rows: rows(),
    leftOut: new LeftOut(),
  };
}
