import { countNames } from "../measure/fates.ts";
import type { MeasuredPolicy } from "../result.ts";
import { chooseUnit, formatCount } from "./figures.ts";
import { UNIT_WORDS } from "./format-sums.ts";
import { formatTable } from "./format-table.ts";
import type { ReplayReport } from "./replay-report.ts";
import { titleOf } from "./step-title.ts";

/** A table for each step. */
export function formatSteps(report: ReplayReport): string {
  const { steps } = report.result;
  return [
    "## Step by step",
    "Rows changed: tasks whose own inputs, or names of dependencies, are other ones, and new tasks.",
    ...steps.map((step, i) => {
      const rows = step.changed + step.added;
      return [
        `### Step ${step.step}: ${titleOf(step, 70)}; ${formatCount(rows)} ${rows === 1 ? "row" : "rows"} changed`,
        "",
        formatStep(report, i),
      ].join("\n");
    }),
  ].join("\n\n");
}

function formatStep({ result, durations }: ReplayReport, step: number): string {
  const { policies } = result;
  if (durations === undefined) {
    const rows = policies.map(({ name, steps }) => [name, ...countNames.map((count) => cell(steps[step]?.[count]))]);
    return formatTable(["policy", ...countNames], rows);
  }
  const at = (policy: MeasuredPolicy) => policy.time?.steps[step];
  const unit = chooseUnit(policies.flatMap((it) => [at(it)?.serial.executed ?? 0, at(it)?.wall ?? 0]));
  const rows = policies.map((policy) => {
    const counts = policy.steps[step];
    const { serial, wall } = at(policy) ?? {};
    return [
      policy.name,
      cell(counts?.executed),
      unit.format(serial?.executed),
      ...[counts?.restored, counts?.skipped, counts?.covered, counts?.noexec, counts?.needless].map(cell),
      unit.format(serial?.needless),
      ...[counts?.timing, counts?.stale].map(cell),
      unit.format(wall),
    ];
  });
  const head = ["policy", "executed", unit.name, "restored", "skipped", "covered", "noexec", "needless", unit.name];
  return [
    formatTable([...head, "timing", "stale", "wall"], rows),
    "",
    `${unit.name} and wall ${UNIT_WORDS[unit.name]}.`,
  ].join("\n");
}

function cell(count: number | undefined): string {
  return count === undefined ? "" : formatCount(count);
}
