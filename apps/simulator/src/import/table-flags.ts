import type { Command } from "commander";

/** Adds the flags that all imports of tables have: `TableFlags`. */
export function withTableFlags(command: Command): Command {
  return command
    .option("-o, --output <file>", "table to write, gzip when it ends in .gz; default: only the summary")
    .option("--json", "one JSON document on stdout");
}
