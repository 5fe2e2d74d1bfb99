import { type Command, Option } from "commander";
import type { Shutdown } from "../shutdown.ts";
import type { LogFlags } from "./log.ts";
import { withTableFlags } from "./table-flags.ts";

const TABLES: readonly LogFlags["table"][] = ["summaries", "named", "rehashes"];

/** `depid import log`: what console output tells of builds: summaries, tasks by name, depids that changed. */
export function addLogFlags(command: Command, shutdown: Shutdown): void {
  withTableFlags(command)
    .argument("<file>", "what BitBake printed, plain, gzip or as HTML")
    .addOption(
      new Option("--table <name>", "rows: a build's summaries, tasks that ran or were restored, depids that changed")
        .choices(TABLES)
        .default("summaries"),
    )
    .action(async (file: string, flags: LogFlags) => (await import("./log.ts")).importLog(file, flags, shutdown));
}
