import { COUNT_DEFINITIONS, countNames } from "../measure/fates.ts";
import type { LabelUse } from "../outcomes/outcome-account.ts";
import { OUTCOME_WORDS, wordOfOutcome } from "../outcomes/outcome-model.ts";
import type { MeasuredPolicy } from "../result.ts";
import type { DurationsUsed } from "./durations-used.ts";
import { chooseUnit, formatCount } from "./figures.ts";
import { formatBuilders, formatTopology } from "./format-builders.ts";
import { formatNeedless } from "./format-needless.ts";
import { formatOutcomes } from "./format-outcomes.ts";
import { formatSteps } from "./format-steps.ts";
import { formatSums, formatWall } from "./format-sums.ts";
import { formatTable } from "./format-table.ts";
import { describeHistory, groundsOf, NOTES, type ReplayReport, type Sensitivity } from "./replay-report.ts";
import { STALE_REASONS, type Unsound } from "./unsound.ts";
import { verdictOf } from "./verdict.ts";
import { wrap } from "./wrap.ts";

export interface FormatOptions {
  /** Whether there is a table for each step, too. */
  readonly steps: boolean;
}

/** The report as text: Markdown that reads as well on a terminal. Begins with what is wrong, if anything is, and the verdict. */
export function formatReplay(report: ReplayReport, { steps }: FormatOptions = { steps: false }): string {
  const { account, result, sensitivity, unsound } = report;
  const sections = [
    ...unsound.map(formatUnsound),
    formatHeading(report),
    formatItems(verdictOf(report)),
    formatSums(report),
    formatBuilders(report),
    formatWall(report),
    formatNeedless(report),
    formatOutcomes(account),
    ...account.labels.map(formatLabels),
    sensitivity === undefined ? undefined : formatSensitivity(sensitivity),
    ["## What this rests on", "", formatItems(groundsOf(report))].join("\n"),
    formatDefinitions(result.policies),
    steps ? formatSteps(report) : undefined,
  ];
  return sections.filter((it) => it !== undefined).join("\n\n");
}

function formatUnsound({ policy, step, id, title, task, why, stale }: Unsound): string {
  const commit = [id.slice(0, 10), title === id ? "" : title].filter((it) => it !== "").join(" ");
  const count = `${formatCount(stale)} ${stale === 1 ? "output" : "outputs"} of tasks`;
  return wrap(
    `UNSOUND: ${policy} reuses ${count} that a clean build makes otherwise. First in step ${step} (${commit}), ${task}: ${STALE_REASONS[why]}.`,
  );
}

/** What was replayed, and how. @param title what goes before the name of the history */
export function formatHeading(
  { source, history, setting, result, durations }: ReplayReport,
  title = "Replay of",
): string {
  const { header, steps, from, to } = describeHistory(history);
  const days = [...new Set([from, to].filter((it) => it !== "").map((it) => it.slice(0, 10)))];
  const dates = days.length === 0 ? "" : `, ${days.join(" to ")}`;
  const changes = `${steps - 1} ${steps === 2 ? "change" : "changes"} to ${formatCount(result.steps.at(-1)?.tasks ?? 0)} tasks${dates}`;
  const where = setting.builder === "fresh" ? "each in a fresh build directory" : "all in one build directory";
  const built =
    setting.topology === undefined
      ? `Built one after the other, ${where}, with sstate and server kept`
      : formatTopology(setting.topology.topology);
  const origin = Object.entries(header).map(([key, value]) => `${key} ${value}`);
  return [
    `# ${title} ${source}`,
    "",
    wrap(
      `${changes}. ${built}; ${setting.workers} workers, seed ${setting.seed}, outcomes ${setting.outcomes}.${durations === undefined ? "" : ` ${timeWords(durations)}`}`,
    ),
    ...(origin.length === 0 ? [] : [wrap(`Recorded: ${origin.join(", ")}.`)]),
  ].join("\n");
}

/** What the times of the verdict are. */
function timeWords({ knowsRestoring }: DurationsUsed): string {
  const what = knowsRestoring ? "executing and restoring" : "executing (restoring: unknown)";
  return `Times are serial, one task after another, of ${what}; the time of a build is from its begin to its end.`;
}

function formatDefinitions(policies: readonly MeasuredPolicy[]): string {
  return [
    "## Definitions",
    "",
    formatItems([
      ...countNames.map((name) => `${name}: ${COUNT_DEFINITIONS[name]}`),
      ...policies.map(({ name, definition }) => `policy ${name}: ${definition}`),
      ...NOTES,
    ]),
  ].join("\n");
}

/** A list, an item each. */
export function formatItems(items: readonly string[]): string {
  return items.map((it) => wrap(`- ${it}`)).join("\n");
}

function formatLabels({ source, labels, unmatched }: LabelUse): string {
  const rows = [...OUTCOME_WORDS, "as"].map((word) => {
    const of = labels.filter(({ label: { outcome } }) => wordOfOutcome(outcome) === word);
    const unsure = of.filter((it) => !it.label.sure);
    const sum = (all: typeof of) => formatCount(all.reduce((total, it) => total + it.decided, 0));
    return [word, String(of.length), sum(of), String(unsure.length), sum(unsure)];
  });
  return [
    `## ${source}`,
    "",
    formatTable(["outcome", "labels", "changes decided", "of these unsure", "changes decided by unsure"], rows),
    "",
    `${formatCount(unmatched.length)} changes matched no label.`,
  ].join("\n");
}

const SENSITIVE = ["executed", "restored", "needless", "timing", "avoided", "stale"] as const;

function formatSensitivity(sensitivity: Sensitivity): string {
  const policies = sensitivity.flatMap(({ result }) => result.policies);
  const isTimed = policies.some((it) => it.time !== undefined);
  const unit = chooseUnit(policies.map((it) => it.time?.sum.serial.executed ?? 0));
  const rows = sensitivity.flatMap(({ model, result }) =>
    result.policies.map(({ name, sum, time }, first) => {
      const [executed, ...others] = SENSITIVE.map((count) => formatCount(sum[count]));
      const hours = isTimed ? [unit.format(time?.sum.serial.executed)] : [];
      return [first === 0 ? model : "", name, executed ?? "", ...hours, ...others];
    }),
  );
  const [executed, ...others] = SENSITIVE;
  return [
    "## How far the answer depends on the outcomes",
    "",
    formatItems(sensitivity.map(({ model, definition }) => `${model}: ${definition}`)),
    "",
    formatTable(["outcomes", "policy", executed, ...(isTimed ? [unit.name] : []), ...others], rows),
  ].join("\n");
}
