import {
  loggedBuild,
  type NamedTaskRow,
  namedTasks,
  type RehashRow,
  type SummaryRow,
  summaryOf,
} from "../console-log.ts";
import { type ConsoleBuild, ConsoleReader } from "../console-reader.ts";
import { LeftOut, type RowSource } from "../table.ts";
import { readTextLines } from "./text-lines.ts";

/**
 * Reads the builds in BitBake's console output, or a cooker log: plain, gzip, or kept as HTML.
 *
 * @throws {BitbakeFileError} if the file cannot be read, or has no build
 */
export async function readConsoleLog(file: string): Promise<readonly ConsoleBuild[]> {
  const reader = new ConsoleReader(file);
  await readTextLines(file, (line) => reader.push(line), { otherBytes: "replaced", longLines: "cut" });
  return reader.end();
}

const numbered = (builds: readonly ConsoleBuild[]) => builds.map((build, at) => [build, at + 1] as const);

/** What BitBake counted, a row per build. */
export function tableOfSummaries(builds: readonly ConsoleBuild[], file: string): RowSource<SummaryRow> {
  return tableOf("summaries", builds, file, (build, number) => [summaryOf(build, number)]);
}

/** The tasks that the log names. */
export function tableOfNamedTasks(builds: readonly ConsoleBuild[], file: string): RowSource<NamedTaskRow> {
  return tableOf("named", builds, file, namedTasks);
}

/** Depids that changed while builds ran. */
export function tableOfRehashes(builds: readonly ConsoleBuild[], file: string): RowSource<RehashRow> {
  return tableOf("rehashes", builds, file, ({ depids }, build) => depids.map((it) => ({ build, ...it })));
}

function tableOf<Row extends object>(
  table: string,
  builds: readonly ConsoleBuild[],
  source: string,
  rowsOf: (build: ConsoleBuild, number: number) => Iterable<Row>,
): RowSource<Row> {
  async function* rows(): AsyncGenerator<Row> {
    for (const [build, number] of numbered(builds)) yield* rowsOf(build, number);
  }
  const unknown = numbered(builds).flatMap(([build, number]) =>
    loggedBuild(build, number).unknown.map((it) => `build ${number}: ${it}`),
  );
  if (builds.every((it) => it.depids.length === 0))
    unknown.push("whether depids changed in mid-build: BitBake says so with --verbose or in BB_CONSOLELOG only");
  return {
    header: {
      table,
      source,
      unknown,
      assumed: [
        "a build begins with its configuration or its sstate summary, or, if it has neither, with its first task",
      ],
    },
    rows: rows(),
    leftOut: new LeftOut(),
  };
}
