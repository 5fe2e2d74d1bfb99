import type { Command } from "commander";
import type { Shutdown } from "../shutdown.ts";
import type { DotFlags } from "./dot.ts";
import { withTableFlags } from "./table-flags.ts";

/** `depid import dot`: the dependencies of `task-depends.dot`. */
export function addDotFlags(command: Command, shutdown: Shutdown): void {
  withTableFlags(command)
    .argument("<file>", "task-depends.dot")
    .option("--pn-buildlist <file>", "pn-buildlist of the same build, to hold against the graph")
    .action(async (file: string, flags: DotFlags) => (await import("./dot.ts")).importDot(file, flags, shutdown));
}
