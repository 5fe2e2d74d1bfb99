import type { OutputRow, TasksigBuild, TasksigRow } from "@depid/bitbake";
import { readBuildOutputs, readTasksigs, tableOfOutputs } from "@depid/bitbake/fs";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, Tally } from "./table.ts";

export interface BuildHistoryFlags extends TableFlags {
  readonly revision: string;
  readonly table: "tasksigs" | "outputs";
}

/** What builds committed to a buildhistory repository, as a table. */
export function importBuildHistory(
  directory: string,
  { table, revision, ...flags }: BuildHistoryFlags,
  shutdown: Shutdown,
): Promise<void> {
  const read = table === "outputs" ? importOutputs : importTasksigs;
  return read(directory, revision, flags, shutdown);
}

function importTasksigs(directory: string, revision: string, flags: TableFlags, shutdown: Shutdown): Promise<void> {
  const source = readTasksigs(directory, revision);
  const changes = new Tally<TasksigRow["change"]>();
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
  const changes = new Tally<OutputRow["change"]>();
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
