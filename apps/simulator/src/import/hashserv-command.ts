import { type Command, Option } from "commander";
import type { Shutdown } from "../shutdown.ts";
import type { HashservFlags } from "./hashserv.ts";
import { withTableFlags } from "./table-flags.ts";

/** `depid import hashserv`: what a hash equivalence server has in its database. */
export function addHashservFlags(command: Command, shutdown: Shutdown): void {
  withTableFlags(command)
    .argument("<file>", "hashserv.db")
    .addOption(
      new Option("--table <name>", "which of its two tables")
        .choices(["equivalences", "outhashes"])
        .default("equivalences"),
    )
    .action(async (file: string, flags: HashservFlags) =>
      (await import("./hashserv.ts")).importHashserv(file, flags, shutdown),
    );
}
