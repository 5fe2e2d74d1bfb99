import type { MeasuredPolicy } from "../result.ts";
import { chooseUnit, formatCount } from "./figures.ts";
import { formatTable } from "./format-table.ts";
import type { ReplayReport } from "./replay-report.ts";
import { titleOf } from "./step-title.ts";
import { findBaseline, findBest, needlessSteps } from "./verdict.ts";

const MOST = 8;

/** Recipes and changes that cost most needlessly, under the cheapest policy and under the baseline. */
export function formatNeedless(report: ReplayReport): string | undefined {
  const policies = new Set([findBest(report), findBaseline(report.result)]);
  const parts = [...policies].flatMap((policy) => (policy === undefined ? [] : formatPolicy(report, policy)));
  return parts.length === 0 ? undefined : ["## What cost most needlessly", ...parts].join("\n\n");
}

function formatPolicy({ result, needless }: ReplayReport, policy: MeasuredPolicy): string[] {
  const recipes = needless.find((it) => it.policy === policy.name)?.recipes ?? [];
  if (recipes.length === 0) return [];
  const steps = needlessSteps(result, policy);
  const unit = chooseUnit([...recipes, ...steps].map((it) => it.seconds ?? 0));
  const isTimed = policy.time !== undefined;
  const rowOf = (name: string, { tasks, seconds }: { tasks: number; seconds: number | undefined }): string[] => [
    name,
    formatCount(tasks),
    ...(isTimed ? [unit.format(seconds)] : []),
  ];
  const columns = ["needless", ...(isTimed ? [unit.name] : [])];
  return [
    formatTable(
      [`${policy.name}: recipe`, ...columns],
      recipes.slice(0, MOST).map((it) => rowOf(it.recipe, it)),
    ),
    formatTable(
      [`${policy.name}: after`, ...columns],
      steps.slice(0, MOST).map((it) => rowOf(`step ${it.step.step}: ${titleOf(it.step, 60)}`, it)),
    ),
  ];
}
