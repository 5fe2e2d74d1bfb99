import { formatConfidenceCsv, formatSamplesCsv, formatSweep, type SweepRun, sweepDocument } from "@depid/replay";
import { checkOutput, writeLines } from "@depid/task-graph/fs";

export interface PrintFlags {
  readonly csv?: string;
  readonly confidenceCsv?: string;
  readonly json?: true;
}

/** Looks whether the files can be written, before anything is measured. */
export async function checkPrintFlags({ csv, confidenceCsv }: PrintFlags): Promise<void> {
  for (const file of [csv, confidenceCsv]) if (file !== undefined) await checkOutput(file);
}

/** Prints the report of a sweep; with `--csv` its samples go to a file, with `--confidence-csv` what they say of the order of policies. */
export async function printSweep(run: SweepRun, { csv, confidenceCsv, json }: PrintFlags): Promise<void> {
  if (csv !== undefined) await writeLines(csv, formatSamplesCsv(run));
  if (confidenceCsv !== undefined) await writeLines(confidenceCsv, formatConfidenceCsv(run));
  process.stdout.write(json === true ? `${JSON.stringify(sweepDocument(run), null, 2)}\n` : `${formatSweep(run)}\n`);
}
