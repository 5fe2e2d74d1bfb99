import { formatSamplesCsv, formatSweep, type SweepRun, sweepDocument } from "@depid/replay";
import { writeLines } from "@depid/task-graph/fs";

export interface PrintFlags {
  readonly csv?: string;
  readonly json?: true;
}

/** Prints the report of a sweep; with `--csv` its samples go to a file. */
export async function printSweep(run: SweepRun, { csv, json }: PrintFlags): Promise<void> {
  if (csv !== undefined) await writeLines(csv, formatSamplesCsv(run));
  process.stdout.write(json === true ? `${JSON.stringify(sweepDocument(run), null, 2)}\n` : `${formatSweep(run)}\n`);
}
