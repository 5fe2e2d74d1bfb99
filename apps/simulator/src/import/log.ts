import { type ConsoleBuild, type LoggedBuild, loggedBuild } from "@depid/bitbake";
import { readConsoleLog, tableOfNamedTasks, tableOfRehashes, tableOfSummaries } from "@depid/bitbake/fs";
import { type Command, Option } from "commander";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, type TableImport, withTableFlags } from "./table.ts";

interface LogFlags extends TableFlags {
  readonly table: keyof typeof tables;
}

const tables = { summaries: tableOfSummaries, named: tableOfNamedTasks, rehashes: tableOfRehashes } as const;

/** `depid import log`: what console output tells of builds: summaries, tasks by name, depids that changed. */
export function addImportLog(command: Command, shutdown: Shutdown): void {
  withTableFlags(command.command("log"))
    .description("read the summaries of the builds in a log, the tasks that it names, and depids that changed")
    .argument("<file>", "what BitBake printed, plain, gzip or as HTML")
    .addOption(
      new Option("--table <name>", "rows: a build's summaries, tasks that ran or were restored, depids that changed")
        .choices(Object.keys(tables))
        .default("summaries"),
    )
    .action(async (file: string, { table, ...flags }: LogFlags) => {
      const builds = await readConsoleLog(file);
      const source = tables[table](builds, file) as TableImport<object>["source"];
      return importTable("log", { source, count() {}, ...describe(builds) }, flags, shutdown);
    });
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
    ...(["wanted", "found", "attempted", "skipped", "failed"] as const),
    ...(["executed", "restored", "noexec", "rehashes"] as const),
  ];
  return {
    counts: () => ({ builds: builds.length, ...Object.fromEntries(fields.map((field) => [field, sum(field)])) }),
    details: () => ({ perBuild: builds }),
    lines: () => builds.map(describeBuild),
  };
}

type Counted =
  | "wanted"
  | "found"
  | "attempted"
  | "skipped"
  | "failed"
  | "executed"
  | "restored"
  | "noexec"
  | "rehashes";

function describeBuild(it: LoggedBuild): string {
  const told = (value: number | null) => value ?? "unknown";
  return (
    `build ${it.build}, line ${it.line}: wanted ${told(it.wanted)}, found ${told(it.found)}; attempted ${told(it.attempted)}, ` +
    `skipped ${told(it.skipped)}, failed ${told(it.failed)}; by name ${told(it.executed)} executed, ${told(it.restored)} restored, ` +
    `${told(it.noexec)} noexec; ${it.rehashes} ${it.rehashes === 1 ? "depid" : "depids"} changed${it.finished ? "" : "; the log ends before the build does"}`
  );
}
