import type { Command } from "commander";
import type { Shutdown } from "../shutdown.ts";
import type { TableFlags } from "./table.ts";
import { withTableFlags } from "./table-flags.ts";

/** `depid import sstate`: the objects of an sstate directory. */
export function addSstateFlags(command: Command, shutdown: Shutdown): void {
  withTableFlags(command)
    .argument("<directory>", "SSTATE_DIR, or a mirror as a directory")
    .action(async (directory: string, flags: TableFlags) =>
      (await import("./sstate.ts")).importSstate(directory, flags, shutdown),
    );
}
