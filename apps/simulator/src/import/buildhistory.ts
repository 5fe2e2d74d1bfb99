import type { TasksigBuild, TasksigRow } from "@depid/bitbake";
import { readTasksigs } from "@depid/bitbake/fs";
import type { Command } from "commander";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, Tally, withTableFlags } from "./table.ts";

interface BuildHistoryFlags extends TableFlags {
  readonly revision: string;
}

/** `depid import buildhistory`: the taskhashes of build after build. */
export function addImportBuildHistory(command: Command, shutdown: Shutdown): void {
  withTableFlags(command.command("buildhistory"))
    .description("read the taskhashes that builds committed to a buildhistory repository, as changes")
    .argument("<directory>", "the repository, with a work tree or bare")
    .option("--revision <name>", "whose first parents are the builds", "HEAD")
    .action((directory: string, flags: BuildHistoryFlags) => {
      const source = readTasksigs(directory, flags.revision);
      const changes = new Tally();
      const count = ({ change }: TasksigRow) => changes.add(change);
      const counts = () => ({ builds: source.builds.length, ...changes.counts });
      const lines = () => source.builds.map(formatBuild);
      return importTable("buildhistory", { source, count, counts, lines }, flags, shutdown);
    });
}

function formatBuild(build: TasksigBuild, at: number): string {
  const { commit, date, tasks, new: added, changed, gone } = build;
  return `build ${at}, ${commit.slice(0, 12)} of ${date}: ${tasks} tasks, ${added} new, ${changed} changed, ${gone} gone`;
}
