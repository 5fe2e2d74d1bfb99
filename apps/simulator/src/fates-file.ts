import { formatTable, LeftOut } from "@depid/bitbake";
import { formatFatesCsv, type TaskFate } from "@depid/replay";
import { writeLines } from "@depid/task-graph/fs";
import { Handover } from "./handover.ts";

/** Writes what became of each task of a replay, a build at a time (`--tasks`). */
export interface FatesFile {
  /** @param rows of the next build @throws {OutputError} when the file cannot be written */
  add(rows: readonly TaskFate[]): Promise<void>;
  /** The file has its name from here on. @throws {OutputError} when it could not be written */
  end(): Promise<void>;
  /** There will be no file. */
  abort(problem: unknown): Promise<void>;
}

/**
 * @param file CSV when it ends in `.csv` or `.csv.gz`, else a table (`depid-table/1`); gzip when it ends in `.gz`
 * @param source the history, as it was named
 * @param notes what a reader of the table must know
 * @param hasBuilders whether a topology was asked for
 */
export function openFatesFile(
  file: string,
  source: string,
  notes: { readonly unknown: readonly string[]; readonly assumed: readonly string[] },
  hasBuilders = false,
): FatesFile {
  const builds = new Handover<readonly TaskFate[]>();
  const rows = rowsOf(builds);
  const header = { table: "fates", source, ...notes };
  const lines = /\.csv(?:\.gz)?$/.test(file)
    ? formatFatesCsv(rows, hasBuilders)
    : formatTable({ header, rows, leftOut: new LeftOut() });
  let problem: unknown;
  const written = writeLines(file, lines).catch((error: unknown) => {
    problem = error;
    builds.end();
  });
  return {
    async add(rows) {
      await builds.give(rows);
      if (problem !== undefined) throw problem;
    },
    async end() {
      builds.end();
      await written;
      if (problem !== undefined) throw problem;
    },
    async abort(reason) {
      builds.fail(reason);
      await written;
    },
  };
}

async function* rowsOf(builds: AsyncIterable<readonly TaskFate[]>): AsyncGenerator<TaskFate> {
  for await (const build of builds) yield* build;
}
