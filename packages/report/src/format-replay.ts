import {
  COUNT_DEFINITIONS,
  type Counts,
  countNames,
  type LabelSource,
  type MeasuredPolicy,
  type MeasuredStep,
  OUTCOME_WORDS,
} from "@depid/replay";
import { markdownTable } from "markdown-table";
import { describeHistory, NOTES, type ReplayReport, type Sensitivity } from "./replay-report.ts";

/** The report as text: Markdown that reads as well on a terminal. Ends with the sums, which are what most came for. */
export function formatReplay(report: ReplayReport): string {
  const { result, labels, sensitivity } = report;
  return [
    formatHeading(report),
    formatDefinitions(result.policies),
    formatSteps(result.steps, result.policies),
    ...labels.map(formatLabels),
    ...(sensitivity === undefined ? [] : [formatSensitivity(sensitivity)]),
    formatSums(report),
  ].join("\n\n");
}

function formatHeading({ source, history, setting }: ReplayReport): string {
  const { header, steps, from, to } = describeHistory(history);
  const origin = Object.entries(header).map(([key, value]) => `${key} ${value}`);
  return [
    `# Replay of ${source}`,
    "",
    `${steps} steps${from === "" || to === "" ? "" : `, ${from.slice(0, 10)} to ${to.slice(0, 10)}`}; ${origin.join(", ")}`,
    `builder ${setting.builder}, outcomes ${setting.outcomes}, ${setting.workers} workers, seed ${setting.seed}`,
  ].join("\n");
}

function formatDefinitions(policies: readonly MeasuredPolicy[]): string {
  return [
    "## Definitions",
    "",
    ...countNames.map((name) => `- ${name}: ${COUNT_DEFINITIONS[name]}`),
    ...policies.map(({ name, definition }) => `- policy ${name}: ${definition}`),
    ...NOTES.map((note) => `- ${note}`),
  ].join("\n");
}

function formatSteps(steps: readonly MeasuredStep[], policies: readonly MeasuredPolicy[]): string {
  const rows = steps.flatMap((step, i) =>
    policies.map(({ name, steps: counts }, first) => [
      ...(first === 0 ? [String(step.step), titleOf(step), String(step.changed + step.added)] : ["", "", ""]),
      name,
      ...cellsOf(counts[i]),
    ]),
  );
  return [
    "## Step by step",
    "",
    "Rows changed: tasks whose own inputs, or names of dependencies, are other ones, and new tasks.",
    "",
    table(["step", "last commit", "rows changed", "policy", ...countNames], rows),
  ].join("\n");
}

function formatSums({ result, setting }: ReplayReport): string {
  const last = result.steps.at(-1)?.step ?? 0;
  const rows = result.policies.map(({ name, sum }) => [name, ...cellsOf(sum)]);
  return [
    `## In sum, steps 1 to ${last} (builder ${setting.builder}, outcomes ${setting.outcomes})`,
    "",
    table(["policy", ...countNames], rows),
  ].join("\n");
}

function formatLabels({ name, labels, decided, unmatched }: LabelSource): string {
  const rows = [...OUTCOME_WORDS, "as"].map((word) => {
    const of = labels.labels
      .map((label, i) => ({ label, decided: decided[i] ?? 0 }))
      .filter(({ label }) => (typeof label.outcome === "string" ? label.outcome : "as") === word);
    const unsure = of.filter((it) => !it.label.sure);
    const sum = (all: typeof of) => String(all.reduce((total, it) => total + it.decided, 0));
    return [word, String(of.length), sum(of), String(unsure.length), sum(unsure)];
  });
  return [
    `## ${name}`,
    "",
    table(["outcome", "labels", "changes decided", "of these unsure", "changes decided by unsure"], rows),
    "",
    `${unmatched.length} changes matched no label.`,
  ].join("\n");
}

function formatSensitivity(sensitivity: Sensitivity): string {
  const rows = sensitivity.flatMap(({ model, result }) =>
    result.policies.map(({ name, sum }, first) => [first === 0 ? model : "", name, ...cellsOf(sum)]),
  );
  return [
    "## How far the answer depends on the outcomes",
    "",
    ...sensitivity.map(({ model, definition }) => `- ${model}: ${definition}`),
    "",
    table(["outcomes", "policy", ...countNames], rows),
  ].join("\n");
}

/** The last commit of a step; a step that is known by no commit has one name only. */
function titleOf({ id, commits }: MeasuredStep): string {
  const title = commits.at(-1)?.title ?? "";
  const more = commits.length > 1 ? ` (+${commits.length - 1})` : "";
  const room = 56 - more.length;
  const name = id === title ? "" : `${id.slice(0, 10)} `;
  return `${name}${title.length > room ? `${title.slice(0, room - 3)}...` : title}${more}`;
}

function cellsOf(counts: Counts | undefined): string[] {
  return countNames.map((name) => (counts === undefined ? "" : String(counts[name])));
}

/** Columns of numbers are aligned right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const numeric = (column: number) => rows.every((row) => /^\d*$/.test(row[column] ?? ""));
  const align = head.map((_, i) => (numeric(i) ? "r" : ""));
  return markdownTable(
    [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|"))),
    { align },
  );
}
