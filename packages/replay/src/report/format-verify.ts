import { type Agreement, type Discrepancy, precisionOf, RUN_KINDS, recallOf } from "../verify/verify.ts";
import { formatOutcomes } from "./format-outcomes.ts";
import { formatTable } from "./format-table.ts";
import { sumAgreements, type VerifiedStep, type VerifyReport } from "./verify-report.ts";

/** How many lines of the log are shown of a task, the last ones. */
const LINES = 4;
/** How many tasks are shown one by one, of each recording. */
const SHOWN = 20;

/** Recorded builds against predictions, as text: Markdown that reads as well on a terminal. Ends with the sums. */
export function formatVerify(report: VerifyReport): string {
  const { source, setting, steps, account, notes } = report;
  const { policy, builder, workers, samples, spread, seed } = setting;
  const variation = samples === 0 ? "no variations" : `${samples} variations (durations strayed by ${spread})`;
  return [
    `# Predictions of ${source} against recorded builds`,
    [
      `policy ${policy}, builder ${builder}, ${workers} workers, ${variation}, seed ${seed}`,
      `outcomes ${setting.outcomes}; durations ${setting.durations}`,
      ...notes.map((note) => `- ${note}`),
    ].join("\n"),
    formatSteps(steps),
    ...steps.flatMap(formatDiscrepancies),
    ...formatUnknown(steps),
    formatOutcomes(account),
    formatSums(report),
  ].join("\n\n");
}

function formatSteps(steps: readonly VerifiedStep[]): string {
  const rows = steps.flatMap(({ step, title, builds, predicted }) =>
    builds.map(({ source, kind, agreement, discrepancies }) => [
      String(step),
      shorten(title, 40),
      `${kind} ${shortenLeft(source, 36)}`,
      cellOf(agreement.executed),
      cellOf(agreement.restored),
      String(predicted.executed.sometimes.length + predicted.restored.sometimes.length),
      String(discrepancies.filter((it) => it.outside).length),
    ]),
  );
  return [
    "## Step by step",
    "",
    "both / only predicted / only real. May vary: tasks that ran in some variations of the prediction only. Outside: where the",
    "prediction and the recordings differ whatever varies.",
    "",
    formatTable(["step", "commit", "recording", "executed", "restored", "may vary", "outside"], rows),
  ].join("\n");
}

function formatDiscrepancies({ step, builds }: VerifiedStep): string[] {
  return builds.flatMap(({ source, discrepancies }) => {
    if (discrepancies.length === 0) return [];
    const sorted = [...discrepancies.filter((it) => it.outside), ...discrepancies.filter((it) => !it.outside)];
    const left = sorted.length - SHOWN;
    return [
      [
        `## Step ${step}, ${source}: ${discrepancies.length} differ${discrepancies.length === 1 ? "s" : ""}`,
        "",
        ...sorted.slice(0, SHOWN).flatMap(formatDiscrepancy),
        ...(left > 0 ? [`- and ${left} more (--json has all)`] : []),
      ].join("\n"),
    ];
  });
}

/** What recordings do not tell, whether anything differs or not; what is so of several is said once. */
function formatUnknown(steps: readonly VerifiedStep[]): string[] {
  const found = new Map<string, { readonly step: number; readonly source: string }[]>();
  for (const { step, builds } of steps) {
    for (const { source, unknown } of builds) {
      for (const sentence of unknown) found.set(sentence, [...(found.get(sentence) ?? []), { step, source }]);
    }
  }
  if (found.size === 0) return [];
  const lines = [...found].map(([sentence, of]) => {
    const [first] = of;
    if (of.length === 1) return `- step ${first?.step}, ${first?.source}: ${sentence}`;
    return `- ${of.length} recordings of steps ${[...new Set(of.map(({ step }) => step))].join(", ")}: ${sentence}`;
  });
  return [["## What these recordings do not tell", "", ...lines].join("\n")];
}

function formatDiscrepancy({ tid, kind, how, outside, saw }: Discrepancy): string[] {
  const seen = saw.slice(-LINES).map((line) => `    simulation: ${shorten(line.replaceAll(tid, "it"), 104)}`);
  return [
    `- ${kind}, ${how}${outside ? "" : " (within what varies)"}: ${tid}`,
    ...(seen.length > 0 ? seen : ["    simulation: nothing was decided of it one by one"]),
  ];
}

function formatSums(report: VerifyReport): string {
  const sums = sumAgreements(report);
  const rows = RUN_KINDS.map((kind) => [
    kind,
    String(sums[kind].both),
    String(sums[kind].onlyPredicted),
    String(sums[kind].onlyReal),
    percent(precisionOf(sums[kind])),
    percent(recallOf(sums[kind])),
  ]);
  const builds = report.steps.reduce((count, step) => count + step.builds.length, 0);
  return [
    `## In sum, ${builds} recorded build${builds === 1 ? "" : "s"}`,
    "",
    formatTable(["", "both", "only predicted", "only real", "precision", "recall"], rows),
  ].join("\n");
}

function cellOf({ both, onlyPredicted, onlyReal }: Agreement): string {
  return `${both} / ${onlyPredicted} / ${onlyReal}`;
}

/** Rounded down: 100 % is written only for all. None of nothing is no share. */
function percent(share: number | undefined): string {
  return share === undefined ? "none" : `${(Math.floor(1000 * share) / 10).toFixed(1)} %`;
}

function shorten(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, room - 3)}...` : text;
}

function shortenLeft(text: string, room: number): string {
  return text.length > room ? `...${text.slice(text.length - room + 3)}` : text;
}
