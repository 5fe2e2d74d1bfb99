import { type Command, Option } from "commander";
import type { Shutdown } from "../shutdown.ts";
import type { BuildHistoryFlags } from "./buildhistory.ts";
import { withTableFlags } from "./table-flags.ts";

/** `depid import buildhistory`: the taskhashes of build after build, or what their tasks put out. */
export function addBuildHistoryFlags(command: Command, shutdown: Shutdown): void {
  withTableFlags(command)
    .argument("<directory>", "the repository, with a work tree or bare")
    .option("--revision <name>", "whose first parents are the builds", "HEAD")
    .addOption(
      new Option("--table <name>", "rows: changes of taskhashes (task/tasksigs.txt), or of outputs (task/output)")
        .choices(["tasksigs", "outputs"])
        .default("tasksigs"),
    )
    .action(async (directory: string, flags: BuildHistoryFlags) =>
      (await import("./buildhistory.ts")).importBuildHistory(directory, flags, shutdown),
    );
}
