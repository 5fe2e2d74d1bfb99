import { wholeNumber } from "@depid/command-line/flags";
import { type Command, Option } from "commander";
import type { Shutdown } from "../shutdown.ts";
import type { BuildStatsFlags } from "./buildstats.ts";
import { withTableFlags } from "./table-flags.ts";

/** `depid import buildstats`: how long tasks took. */
export function addBuildStatsFlags(command: Command, shutdown: Shutdown): void {
  withTableFlags(command)
    .argument("<path>", "buildstats directory of all builds or of one, or a file of JSON")
    .addOption(
      new Option("--slowest <n>", "so many of the slowest tasks are listed").argParser(wholeNumber(0)).default(10),
    )
    .action(async (path: string, flags: BuildStatsFlags) =>
      (await import("./buildstats.ts")).importBuildStats(path, flags, shutdown),
    );
}
