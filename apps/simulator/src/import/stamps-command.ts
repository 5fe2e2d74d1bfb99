import type { Command } from "commander";
import type { Shutdown } from "../shutdown.ts";
import type { TableFlags } from "./table.ts";
import { withTableFlags } from "./table-flags.ts";

/** `depid import stamps`: the stamps of a build directory. */
export function addStampsFlags(command: Command, shutdown: Shutdown): void {
  withTableFlags(command)
    .argument("<directory>", "the stamps directory below TMPDIR")
    .action(async (directory: string, flags: TableFlags) =>
      (await import("./stamps.ts")).importStamps(directory, flags, shutdown),
    );
}
