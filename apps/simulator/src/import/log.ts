import { type ConsoleBuild, type LoggedBuild, loggedBuild, type RowSource } from "@depid/bitbake";
import { readConsoleLog, tableOfNamedTasks, tableOfRehashes, tableOfSummaries } from "@depid/bitbake/fs";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags } from "./table.ts";

export interface LogFlags extends TableFlags {
  readonly table: keyof typeof tables;
}

const tables = { summaries: tableOfSummaries, named: tableOfNamedTasks, rehashes: tableOfRehashes } as const;

/** What console output tells of builds, as a table. */
export async function importLog(file: string, { table, ...flags }: LogFlags, shutdown: Shutdown): Promise<void> {
  const builds = await readConsoleLog(file);
  const source = tables[table](builds, file) as RowSource<object>;
  await importTable("log", { source, count() {}, ...describe(builds) }, flags, shutdown);
}

/** What is told beside the rows, whichever they are. */
function describe(found: readonly ConsoleBuild[]) {
  const builds = found.map((build, at) => loggedBuild(build, at + 1));
  /** Unknown if it is of one build. */
  const sum = (field: Counted): number | null => {
    const values = builds.map((it) => it[field]);
    return values.includes(null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);
  };
  const fields: readonly Counted[] = [
    "wanted",
    "found",
    "attempted",
    "skipped",
    "failed",
    "executed",
    "restored",
    "noexec",
  ];
  return {
    counts: () => ({
      builds: builds.length,
      ...(Object.fromEntries(fields.map((field) => [field, sum(field)])) as Record<Counted, number | null>),
      rehashes: builds.reduce((total, it) => total + it.rehashes, 0),
    }),
    details: () => ({ perBuild: builds }),
    lines: () => builds.map(describeBuild),
  };
}

type Counted = "wanted" | "found" | "attempted" | "skipped" | "failed" | "executed" | "restored" | "noexec";

function describeBuild(it: LoggedBuild): string {
  const told = (value: number | null) => value ?? "unknown";
  return (
    `build ${it.build}, line ${it.line}: wanted ${told(it.wanted)}, found ${told(it.found)}; attempted ${told(it.attempted)}, ` +
    `skipped ${told(it.skipped)}, failed ${told(it.failed)}; by name ${told(it.executed)} executed, ${told(it.restored)} restored, ` +
    `${told(it.noexec)} noexec; ${it.rehashes} ${it.rehashes === 1 ? "depid" : "depids"} changed${it.finished ? "" : "; the log ends before the build does"}`
  );
}
