import type { Command } from "commander";
import type { Shutdown } from "../shutdown.ts";
import type { LockedSigsFlags } from "./locked-sigs.ts";
import { withTableFlags } from "./table-flags.ts";

/** `depid import locked-sigs`: the locks of `locked-sigs.inc`, and which of them are in force. */
export function addLockedSigsFlags(command: Command, shutdown: Shutdown): void {
  withTableFlags(command)
    .argument("<file>", "locked-sigs.inc")
    .option(
      "--machine <name>",
      "whose SIGGEN_LOCKEDSIGS_TYPES counts; default: MACHINE, if the file sets it, or that of the file, if there is one only",
    )
    .action(async (file: string, flags: LockedSigsFlags) =>
      (await import("./locked-sigs.ts")).importLockedSigs(file, flags, shutdown),
    );
}
