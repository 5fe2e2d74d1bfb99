import { formatMismatch, parsePnBuildList, type SigdataContext } from "@depid/bitbake";
import { importSigdata, readTaskDependsDot, readTextLines, type SigdataImport } from "@depid/bitbake/fs";
import { openProgress } from "@depid/command-line/progress";
import { CaptureFormatter } from "@depid/task-graph";
import { checkOutput, writeLines } from "@depid/task-graph/fs";
import type { SigdataDocument } from "../documents/index.ts";
import type { Shutdown } from "../shutdown.ts";

export interface SigdataFlags {
  readonly output?: string;
  readonly dot?: string;
  readonly pnBuildlist?: string;
  readonly json?: true;
}

/** Checks signature files, and writes a capture of them. Exit status 1 when a hash does not follow from its file. */
export async function importSignatures(
  inputs: readonly string[],
  flags: SigdataFlags,
  shutdown: Shutdown,
): Promise<void> {
  if (flags.output !== undefined) await checkOutput(flags.output);
  const context = await readContext(flags);
  const progress = await openProgress();
  const onProgress = (done: number, total: number) => progress.update({ things: "signature files", done, total });
  try {
    const imported = await importSigdata(inputs, { ...context, signal: shutdown.signal, onProgress });
    const lines = formatTasks(imported);
    if (flags.output === undefined) for await (const _ of lines);
    else await writeLines(flags.output, lines);
    progress.end();
    const document = summarize(imported, flags.output);
    process.stdout.write(flags.json === true ? `${JSON.stringify(document, null, 2)}\n` : formatSummary(document));
    if (document.mismatches.length > 0) process.exitCode = 1;
    if (document.tasks > 0) return;
    process.stderr.write(`${inputs.join(" ")}: none of the ${document.leftOut} tasks is of the build that is named\n`);
    process.exitCode = 1;
  } finally {
    progress.end();
  }
}

async function readContext({ dot, pnBuildlist }: SigdataFlags): Promise<SigdataContext> {
  const names: string[] = [];
  if (pnBuildlist !== undefined) await readTextLines(pnBuildlist, (line) => names.push(line));
  return {
    ...(dot === undefined ? {} : { dot: await readTaskDependsDot(dot) }),
    ...(pnBuildlist === undefined ? {} : { recipes: new Set(parsePnBuildList(names, pnBuildlist)) }),
  };
}

async function* formatTasks({ header, tasks }: SigdataImport): AsyncGenerator<string> {
  const formatter = new CaptureFormatter();
  yield formatter.header(header);
  for await (const task of tasks) yield* formatter.task(task);
  yield formatter.end();
}

function summarize({ header, files, counts }: SigdataImport, output: string | undefined): SigdataDocument {
  const { tasks, older, leftOut, withoutTaskhash, mismatches } = counts();
  const { unknown, assumed } = header;
  const came = { files, tasks, older, leftOut, withoutTaskhash, mismatches };
  return { import: "sigdata", output: output ?? null, ...came, unknown, assumed };
}

function formatSummary(document: SigdataDocument): string {
  const { output, tasks, older, leftOut, withoutTaskhash, mismatches, unknown, assumed } = document;
  const extras = [
    ...(older > 0 ? [`${older} older files passed over`] : []),
    ...(leftOut > 0 ? [`${leftOut} tasks that are not of this build left out`] : []),
    ...(withoutTaskhash > 0 ? [`${withoutTaskhash} without a taskhash`] : []),
  ];
  const lines = [
    `${output === null ? "" : `${output}: `}${[`${tasks} tasks`, ...extras].join(", ")}`,
    `basehash and taskhash computed again from each file: ${mismatches.length} mismatches`,
    ...mismatches.map((mismatch) => `mismatch: ${formatMismatch(mismatch)}`),
    ...unknown.map((sentence) => `unknown: ${sentence}`),
    ...assumed.map((sentence) => `assumed: ${sentence}`),
  ];
  return `${lines.join("\n")}\n`;
}
