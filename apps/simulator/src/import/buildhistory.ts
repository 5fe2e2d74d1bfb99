import type { OutputRow, TasksigBuild, TasksigRow } from "@depid/bitbake";
import { readBuildOutputs, readTasksigs, tableOfOutputs } from "@depid/bitbake/fs";
import { type Command, Option } from "commander";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, Tally, withTableFlags } from "./table.ts";

interface BuildHistoryFlags extends TableFlags {
  readonly revision: string;
  readonly table: "tasksigs" | "outputs";
}

/** `depid import buildhistory`: the taskhashes of build after build, or what their tasks put out. */
export function addImportBuildHistory(command: Command, shutdown: Shutdown): void {
  withTableFlags(command.command("buildhistory"))
    .description("read the taskhashes, or the outputs, that builds committed to a buildhistory repository, as changes")
    .argument("<directory>", "the repository, with a work tree or bare")
    .option("--revision <name>", "whose first parents are the builds", "HEAD")
    .addOption(
      new Option("--table <name>", "rows: changes of taskhashes (task/tasksigs.txt), or of outputs (task/output)")
        .choices(["tasksigs", "outputs"])
        .default("tasksigs"),
    )
    .action((directory: string, { table, ...flags }: BuildHistoryFlags) =>
      table === "outputs"
        ? importOutputs(directory, flags.revision, flags, shutdown)
        : importTasksigs(directory, flags.revision, flags, shutdown),
    );
}

function importTasksigs(directory: string, revision: string, flags: TableFlags, shutdown: Shutdown): Promise<void> {
  const source = readTasksigs(directory, revision);
  const changes = new Tally();
  const count = ({ change }: TasksigRow) => changes.add(change);
  const counts = () => ({ builds: source.builds.length, ...changes.counts });
  const lines = () => source.builds.map(formatBuild);
  return importTable("buildhistory", { source, count, counts, lines }, flags, shutdown);
}

async function importOutputs(
  directory: string,
  revision: string,
  flags: TableFlags,
  shutdown: Shutdown,
): Promise<void> {
  const builds = await readBuildOutputs(directory, revision);
  const changes = new Tally();
  let [restored, sameTaskhash] = [0, 0];
  const unstable = new Set<string>();
  const count = (row: OutputRow) => {
    changes.add(row.change);
    if (row.restored) restored += 1;
    if (row.change === "changed" && row.newTaskhash === false) {
      sameTaskhash += 1;
      unstable.add(row.name);
    }
  };
  const counts = () => ({ builds: builds.length, ...changes.counts, restored, changedWithSameTaskhash: sameTaskhash });
  const lines = () =>
    unstable.size === 0 ? [] : [`not reproducible, another output for the same taskhash: ${[...unstable].join(", ")}`];
  const source = tableOfOutputs(builds, directory);
  return importTable("buildhistory", { source, count, counts, lines }, flags, shutdown);
}

function formatBuild(build: TasksigBuild, at: number): string {
  const { commit, date, tasks, new: added, changed, gone } = build;
  return `build ${at}, ${commit.slice(0, 12)} of ${date}: ${tasks} tasks, ${added} new, ${changed} changed, ${gone} gone`;
}
