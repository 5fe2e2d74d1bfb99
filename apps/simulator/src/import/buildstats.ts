import type { DurationRow } from "@depid/bitbake";
import { readBuildStats } from "@depid/bitbake/fs";
import { splitSetscene } from "@depid/hash";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags } from "./table.ts";

export interface BuildStatsFlags extends TableFlags {
  readonly slowest: number;
}

/** How long tasks took, as a table. */
export function importBuildStats(
  path: string,
  { slowest, ...flags }: BuildStatsFlags,
  shutdown: Shutdown,
): Promise<void> {
  return importTable("buildstats", readDurations(path, slowest), flags, shutdown);
}

function readDurations(path: string, limit: number) {
  const slowest = new Slowest(limit);
  const builds = new Set<string>();
  const recipes = new Set<string>();
  let [setscene, failed, hundredths, cpuHundredths, withoutCpu] = [0, 0, 0, 0, 0];
  return {
    source: readBuildStats(path),
    count(row: DurationRow) {
      const { build, recipe, task, status, seconds, cpu } = row;
      slowest.add(row);
      builds.add(build);
      recipes.add(recipe);
      if (splitSetscene(task).isSetscene) setscene += 1;
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
    lines: () => slowest.rows.map(describeRow),
    details: () => ({ slowest: slowest.rows }),
  };
}

function describeRow({ build, recipe, task, seconds, cpu, status }: DurationRow, at: number): string {
  const used = cpu === null ? "" : `, ${cpu} s of processors`;
  return `slowest ${at + 1}: ${recipe}:${task}, ${seconds} s${used}${status === "failed" ? ", failed" : ""}, build ${build === "" ? "unnamed" : build}`;
}

/** The rows that took longest, the longest first; of equal ones those that came first. */
class Slowest {
  readonly #limit: number;
  readonly #rows: DurationRow[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get rows(): readonly DurationRow[] {
    return this.#rows;
  }

  add(row: DurationRow): void {
    const at = this.#rows.findIndex((it) => it.seconds < row.seconds);
    if (at < 0 && this.#rows.length >= this.#limit) return;
    this.#rows.splice(at < 0 ? this.#rows.length : at, 0, row);
    if (this.#rows.length > this.#limit) this.#rows.pop();
  }
}
