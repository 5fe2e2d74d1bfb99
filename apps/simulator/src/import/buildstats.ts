import type { DurationRow } from "@depid/bitbake";
import { readBuildStats } from "@depid/bitbake/fs";
import type { Command } from "commander";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, withTableFlags } from "./table.ts";

/** `depid import buildstats`: how long tasks took. */
export function addImportBuildStats(command: Command, shutdown: Shutdown): void {
  withTableFlags(command.command("buildstats"))
    .description("read how long tasks took")
    .argument("<path>", "buildstats directory of all builds or of one, or a file of JSON")
    .action((path: string, flags: TableFlags) => importTable("buildstats", readDurations(path), flags, shutdown));
}

function readDurations(path: string) {
  const builds = new Set<string>();
  const recipes = new Set<string>();
  let [setscene, failed, hundredths, cpuHundredths, withoutCpu] = [0, 0, 0, 0, 0];
  return {
    source: readBuildStats(path),
    count({ build, recipe, task, status, seconds, cpu }: DurationRow) {
      builds.add(build);
      recipes.add(recipe);
      if (task.endsWith("_setscene")) setscene += 1;
      if (status === "failed") failed += 1;
      hundredths += Math.round(seconds * 100);
      if (cpu === null) withoutCpu += 1;
      else cpuHundredths += Math.round(cpu * 100);
    },
    counts: () => ({
      builds: builds.size,
      recipes: recipes.size,
      setscene,
      failed,
      seconds: hundredths / 100,
      cpuSeconds: cpuHundredths / 100,
      withoutCpu,
    }),
  };
}
