import type { StampRow } from "@depid/bitbake";
import { readStamps } from "@depid/bitbake/fs";
import type { Command } from "commander";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, Tally, withTableFlags } from "./table.ts";

/** `depid import stamps`: the stamps of a build directory. */
export function addImportStamps(command: Command, shutdown: Shutdown): void {
  withTableFlags(command.command("stamps"))
    .description("list stamps, taint files and signature files, by what their names say")
    .argument("<directory>", "the stamps directory below TMPDIR")
    .action((directory: string, flags: TableFlags) => {
      const kinds = new Tally();
      const count = ({ kind }: StampRow) => kinds.add(kind);
      return importTable(
        "stamps",
        { source: readStamps(directory), count, counts: () => kinds.counts, nothing: "holds no stamps" },
        flags,
        shutdown,
      );
    });
}
