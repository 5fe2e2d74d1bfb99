import type { SummaryRow } from "@depid/bitbake";
import { readConsoleLog } from "@depid/bitbake/fs";
import type { Command } from "commander";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, withTableFlags } from "./table.ts";

/** `depid import log`: the summaries in console output. */
export function addImportLog(command: Command, shutdown: Shutdown): void {
  withTableFlags(command.command("log"))
    .description("read the sstate and task summaries of the builds in a log")
    .argument("<file>", "what BitBake printed, plain or gzip")
    .action((file: string, flags: TableFlags) => importTable("log", readSummaries(file), flags, shutdown));
}

function readSummaries(file: string) {
  const rows: SummaryRow[] = [];
  const sum = (field: "wanted" | "found" | "attempted" | "skipped" | "failed") =>
    rows.reduce((total, row) => total + (row[field] ?? 0), 0);
  return {
    source: readConsoleLog(file),
    count: (row: SummaryRow) => void rows.push(row),
    counts: () => ({
      wanted: sum("wanted"),
      found: sum("found"),
      attempted: sum("attempted"),
      skipped: sum("skipped"),
      failed: sum("failed"),
    }),
  };
}
