import { basename } from "node:path";
import { BuildInputError, HistoryBuilder, type MetadataState } from "@depid/bitbake";
import { loadBuild } from "@depid/bitbake/fs";
import { type Capture, CycleError, type History, UnknownTaskError } from "@depid/task-graph";
import { checkOutput, writeHistory } from "@depid/task-graph/fs";
import type { CaptureDocument } from "../documents/index.ts";

export interface CaptureFlags {
  readonly output: string;
  readonly variables: boolean;
  readonly json?: true;
}

/** Writes a history of captures, in the order given. */
export async function importCaptures(
  inputs: readonly string[],
  { output, variables, json }: CaptureFlags,
): Promise<void> {
  await checkOutput(output);
  const builder = new HistoryBuilder({ variables });
  const unknown = new Set<string>();
  const assumed = new Set<string>();
  let unchanged = 0;
  let origin: Readonly<Record<string, string>> = {};
  for (const input of inputs) {
    process.stderr.write(`reading ${JSON.stringify(input)}\n`);
    const capture = await loadBuild(input);
    origin = capture.header.origin;
    if (!(await addStep(builder, input, capture))) unchanged += 1;
    for (const sentence of capture.header.unknown) unknown.add(sentence);
    for (const sentence of [...capture.header.assumed, ...limitsOf(input, capture)]) assumed.add(sentence);
  }
  for (const sentence of builder.limits.unknown) unknown.add(sentence);
  for (const sentence of builder.limits.assumed) assumed.add(sentence);
  const { source: _, commit: _c, date: _d, title: _t, ...header } = origin;
  const history = builder.end(header);
  await writeHistory(output, history);
  const document = summarize(output, history, inputs.length, unchanged, builder.tasks, [...unknown], [...assumed]);
  process.stdout.write(json === true ? `${JSON.stringify(document, null, 2)}\n` : formatSummary(document));
}

async function addStep(builder: HistoryBuilder, input: string, capture: Capture): Promise<boolean> {
  try {
    return await builder.add(stateOf(input, capture), capture);
  } catch (error) {
    if (!(error instanceof UnknownTaskError || error instanceof CycleError)) throw error;
    throw new BuildInputError(input, `cannot be a step of a history: ${error.message}`, { cause: error });
  }
}

/** A capture that does not tell its commit is known by its file name. */
function stateOf(input: string, { header: { origin } }: Capture): MetadataState {
  const { commit: id = basename(input), date = "", title = basename(input) } = origin;
  return { id, date, commits: [{ id, title }] };
}

function limitsOf(input: string, { tasks }: Capture): string[] {
  const equivalent = tasks.filter(({ taskhash, depid }) => (depid as string) !== taskhash).length;
  if (equivalent === 0) return [];
  return [
    `${input}: ${equivalent} tasks have a depid that is not their taskhash; the history has taskhashes as they are without equivalence`,
  ];
}

function summarize(
  output: string,
  { steps }: History,
  builds: number,
  unchanged: number,
  tasks: number,
  unknown: readonly string[],
  assumed: readonly string[],
): CaptureDocument {
  const rows = steps.map(({ step, id, change, expect }) => ({
    step,
    id,
    tasks: expect.tasks,
    upserted: change.upsert.length,
    removed: change.remove.length,
    changed: expect.changed ?? null,
  }));
  return { import: "capture", output, builds, unchanged, tasks, steps: rows, unknown, assumed };
}

function formatSummary(document: CaptureDocument): string {
  const { output, builds, unchanged, tasks, steps, unknown, assumed } = document;
  const lines = [
    `${output}: ${steps.length} steps of ${builds} builds, ${tasks} tasks in the last; without a change of any task ${unchanged}`,
    ...steps.map(
      ({ step, id, upserted, removed, changed }) =>
        `step ${step} (${id}): ${upserted} tasks new or with other inputs, ${removed} gone${changed === null ? "" : `, ${changed} with another taskhash`}`,
    ),
    ...unknown.map((sentence) => `unknown: ${sentence}`),
    ...assumed.map((sentence) => `assumed: ${sentence}`),
  ];
  return `${lines.join("\n")}\n`;
}
