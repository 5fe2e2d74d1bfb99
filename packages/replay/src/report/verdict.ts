import { formatDuration } from "@depid/durations";
import { KNOWN_UNSOUND } from "../policies/names.ts";
import type { MeasuredPolicy, ReplayResult } from "../result.ts";
import { certaintyLines } from "./certainty.ts";
import { type Cost, compareCosts, costOf, formatCost } from "./cost.ts";
import { formatCount } from "./figures.ts";
import type { ReplayReport } from "./replay-report.ts";
import { titleOf } from "./step-title.ts";

/** What others are held against: basichash, or rebuild-all where that was not replayed. */
export function findBaseline({ policies }: ReplayResult): MeasuredPolicy | undefined {
  return policies.find((it) => it.name === "basichash") ?? policies.find((it) => it.name === "rebuild-all");
}

/** The cheapest policy that a build can really have: neither the ideal nor one that reused what is wrong. */
export function findBest({ result, unsound }: Pick<ReplayReport, "result" | "unsound">): MeasuredPolicy | undefined {
  const isReal = ({ name }: MeasuredPolicy): boolean =>
    !["clairvoyant", "rebuild-all", KNOWN_UNSOUND].includes(name) && !unsound.some((it) => it.policy === name);
  const cost = (policy: MeasuredPolicy): number => costOf(policy).seconds ?? costOf(policy).tasks;
  return result.policies.filter(isReal).sort((a, b) => cost(a) - cost(b))[0];
}

/** What a replay says first: lines for people, in hours and tasks. What became worse is said as such. */
export function verdictOf(report: ReplayReport): readonly string[] {
  const { result } = report;
  if (result.steps.length < 2)
    return ["The history has one state, which only fills the caches: there is nothing to compare."];
  const baseline = findBaseline(result);
  const same = result.policies.filter((it) => baseline !== undefined && isSame(it, baseline));
  const ideal = result.policies.find((it) => it.name === "clairvoyant");
  const others = result.policies.filter(
    (it) => !same.includes(it) && it !== ideal && (it.name !== "rebuild-all" || baseline === undefined),
  );
  return [
    ...(baseline === undefined ? [] : [baselineLine(report, baseline, same)]),
    ...others.map((it) => policyLine(report, it, baseline)),
    ...(ideal === undefined ? [] : [idealLine(report, ideal, baseline)]),
    ...certaintyLines(report, baseline),
    ...needlessLine(report),
  ];
}

function isSame(a: MeasuredPolicy, b: MeasuredPolicy): boolean {
  return JSON.stringify([a.sum, a.time?.sum]) === JSON.stringify([b.sum, b.time?.sum]);
}

function baselineLine(report: ReplayReport, baseline: MeasuredPolicy, same: readonly MeasuredPolicy[]): string {
  const names = joinNames([baseline, ...same.filter((it) => it !== baseline)].map((it) => it.name));
  const all = report.result.policies.find((it) => it.name === "rebuild-all");
  const isAll = all === undefined || same.includes(all);
  const rebuilt = isAll ? "" : ` Rebuilding all would run ${formatCost(costOf(all))}${perBuild(all)}.`;
  return `${names} ${same.length > 1 ? "run" : "runs"} ${workOf(baseline)}.${soundnessOf(report, baseline)}${rebuilt}`;
}

function policyLine(report: ReplayReport, policy: MeasuredPolicy, baseline: MeasuredPolicy | undefined): string {
  return `${policy.name} runs ${workOf(policy)}${against(baseline, policy)}.${soundnessOf(report, policy)}`;
}

function idealLine(report: ReplayReport, ideal: MeasuredPolicy, baseline: MeasuredPolicy | undefined): string {
  return `The ideal, which knows all outputs beforehand (${ideal.name}), runs ${workOf(ideal)}${against(baseline, ideal)}.${soundnessOf(report, ideal)}`;
}

/** `42,430 tasks, 310 h, 41 min a build (needless: 22,156, 160 h)` */
function workOf(policy: MeasuredPolicy): string {
  const { sum, time } = policy;
  const needless = formatCost({ tasks: sum.needless, seconds: time?.sum.serial.needless });
  return `${formatCost(costOf(policy), "tasks")}${perBuild(policy)}${sum.needless > 0 ? ` (needless: ${needless})` : ""}`;
}

function against(baseline: MeasuredPolicy | undefined, policy: MeasuredPolicy): string {
  return baseline === undefined ? "" : `: ${compareCosts(costOf(baseline), costOf(policy))} against ${baseline.name}`;
}

function soundnessOf({ unsound }: ReplayReport, { name, steps }: MeasuredPolicy): string {
  const stale = steps.reduce((sum, counts) => sum + counts.stale, 0);
  if (unsound.some((it) => it.policy === name)) return ` UNSOUND: ${formatCount(stale)} of what it reuses is wrong.`;
  return stale > 0 ? ` ${formatCount(stale)} of what it reuses is wrong, as is known of ${name}.` : "";
}

function perBuild({ time, steps, builders }: MeasuredPolicy): string {
  const builds = builders?.reduce((sum, it) => sum + it.builds, 0) ?? steps.length - 1;
  return time === undefined || builds < 1 ? "" : `, ${formatDuration(time.sum.wall / builds)} a build`;
}

const MOST_RECIPES = 3;
const MOST_CHANGES = 2;

/** What cost most needlessly under the cheapest policy. */
function needlessLine(report: ReplayReport): readonly string[] {
  const policy = findBest(report);
  const work = report.needless.find((it) => it.policy === policy?.name);
  if (policy === undefined || work === undefined || policy.sum.needless === 0) return [];
  const recipes = work.recipes.slice(0, MOST_RECIPES).map((it) => `${it.recipe} ${formatWork(it)}`);
  const changes = needlessSteps(report.result, policy)
    .slice(0, MOST_CHANGES)
    .map((it) => `${formatWork(it)} after ${titleOf(it.step, 48)}`);
  return [`Most needless with ${policy.name}, by recipe: ${recipes.join(", ")}; by change: ${changes.join("; ")}.`];
}

/** `31 h (412 tasks)` */
function formatWork({ tasks, seconds }: Cost): string {
  const count = formatCost({ tasks, seconds: undefined }, "tasks");
  return seconds === undefined ? count : `${formatDuration(seconds)} (${count})`;
}

/** The steps in which a policy executed something needlessly, the costliest first. */
export function needlessSteps({ steps }: ReplayResult, policy: MeasuredPolicy) {
  const work = steps.map((step, i) => ({
    step,
    tasks: policy.steps[i]?.needless ?? 0,
    seconds: policy.time?.steps[i]?.serial.needless,
  }));
  return work
    .slice(1)
    .filter((it) => it.tasks > 0)
    .sort((a, b) => (b.seconds ?? b.tasks) - (a.seconds ?? a.tasks) || a.step.step - b.step.step);
}

function joinNames(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
