import { link, rename, rm, stat, writeFile } from "node:fs/promises";
import { list } from "@depid/command-line/flags";
import {
  type Draft,
  draftLabels,
  type EvidenceSource,
  formatDraft,
  type GivenLabels,
  LabelsError,
  parseLabels,
} from "@depid/replay";
import { readHistory } from "@depid/task-graph/fs";
import type { LabelDocument } from "./documents/index.ts";
import { OptionError } from "./outcomes/errors.ts";
import { openEvidence } from "./outcomes/evidence.ts";
import { readTextAs } from "./read-text.ts";
import type { Shutdown } from "./shutdown.ts";

export interface LabelFlags {
  readonly output?: string;
  readonly from: readonly string[];
  readonly labels?: string;
  readonly force?: true;
  readonly json?: true;
}

/** Writes a draft of labels, or prints it. */
export async function label(file: string, flags: LabelFlags, shutdown: Shutdown): Promise<void> {
  const { output, labels: named, force, json } = flags;
  const history = await readHistory(file);
  const names = flags.from.flatMap(list).filter((it) => it !== "");
  const sources = await openEvidence(names, { history, shutdown, outhashExtra: undefined });
  const given =
    named === undefined ? undefined : { text: await readTextAs("labels", named, LabelsError), source: named };
  const labels = given === undefined ? undefined : parseLabels(given.text, given.source);
  const draft = await draftLabels(history, sources, labels);
  const text = formatDraft(draft, { history: file, sources: sources.map(({ name }) => name) }, given);
  if (output !== undefined) await write(output, text, force === true);
  if (json === true) {
    process.stdout.write(`${JSON.stringify(draftDocument(file, sources, draft, given, output), null, 2)}\n`);
  } else if (output === undefined) process.stdout.write(text);
  const summary = formatSummary(draft);
  if (output === undefined || json === true) process.stderr.write(summary);
  else process.stdout.write(`${output}: ${summary}`);
  const nothing = nothingIn(file, draft, labels?.labels.length ?? 0, named);
  if (nothing === undefined) return;
  process.stderr.write(`${nothing}\n`);
  process.exitCode = 1;
}

/** What was named and is about nothing, in a sentence: the history, or the labels given. */
function nothingIn(history: string, { changes, labelled }: Draft, given: number, labels = ""): string | undefined {
  if (changes === 0) return `${history}: no step changes the own inputs of a task: there is nothing to label`;
  if (given === 0 || labelled > 0) return undefined;
  return `${labels}: none of its ${given} ${given === 1 ? "label" : "labels"} matches a change of ${history}`;
}

/** What `--json` prints: docs/formats.md. */
function draftDocument(
  history: string,
  sources: readonly EvidenceSource[],
  { labels, steps: _, ...counts }: Draft,
  given: GivenLabels | undefined,
  output: string | undefined,
): LabelDocument {
  return {
    format: "depid-label-draft/1",
    history,
    output: output ?? null,
    sources: sources.map(({ name }) => name),
    given: given?.source ?? null,
    ...counts,
    labels: labels.map(({ recipe, task, outcome, source, title, ...rest }) => ({
      ...rest,
      title: title ?? null,
      recipe: recipe ?? null,
      task: task ?? null,
      outcome,
      source: source ?? null,
    })),
  };
}

function formatSummary({ labels, changes, labelled, withoutTexts, unnamed }: Draft): string {
  const open = labels.filter((it) => it.source === undefined);
  const lines = [
    `${labels.length} labels drafted; of ${changes} changes of a task's own inputs ${labelled} had one`,
    `no source knows: ${sumOf(open)} changes, in ${open.length} of the labels`,
    ...(withoutTexts === 0
      ? []
      : [`unknown: the texts of ${withoutTexts} changes, which the history does not have: record it with variables`]),
    ...unnamed.map(
      (it) =>
        `without a label: ${it.changes} changes of step ${it.step}: its id ${JSON.stringify(it.id)} names no step alone`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function sumOf(labels: Draft["labels"]): number {
  return labels.reduce((sum, it) => sum + it.changes, 0);
}

/** The file is there whole or not at all, and one that is there is overwritten only if that is wanted. */
async function write(file: string, text: string, overwrites: boolean): Promise<void> {
  const draft = `${file}.${process.pid}.draft`;
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory() === true) throw new OptionError(`--output ${file}: expected a file, found a directory`);
  try {
    // What is no file, such as /dev/null, is written to, not put another in place of.
    if (there?.isFile() === false) return await writeFile(file, text);
    await writeFile(draft, text, { flag: "wx" });
    if (overwrites) await rename(draft, file);
    else await link(draft, file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const { reasonOf } = await import("@depid/bitbake/fs");
    const reason = code === "ENOSPC" ? "no space left on the device" : reasonOf(cause);
    const problem = code === "EEXIST" ? "is there already; --force overwrites it" : `cannot be written: ${reason}`;
    throw new OptionError(`--output ${file}: ${problem}`, { cause });
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
}
