import { formatDuration } from "@depid/durations";
import { formatCount } from "../report/figures.ts";
import { formatItems } from "../report/format-replay.ts";
import { formatTable } from "../report/format-table.ts";
import { wrap } from "../report/wrap.ts";
import type { PolicyPrediction, PredictedCost } from "./predict-build.ts";
import { isAbove, PREDICTION_NOTES, type PredictionReport, sentenceOf, settingSentences } from "./prediction.ts";

const MOST_STOPS = 10;
const MOST_RECIPES = 20;

/** A prediction as text: Markdown that reads as well on a terminal. */
export function formatPrediction(report: PredictionReport): string {
  return [
    `# What ${report.head} costs after ${report.base}`,
    wrap(sentenceOf(report)),
    ...limitLines(report).map(wrap),
    formatPolicies(report.policies),
    ...stopsOf(report.policies).map(wrap),
    ...(report.recipes.length === 0 ? [] : [formatRecipes(report)]),
    ["## What this rests on", "", formatItems(restsOn(report))].join("\n"),
  ].join("\n\n");
}

/** The same for a comment on a merge request: what is long is folded. */
export function formatPredictionMarkdown(report: PredictionReport): string {
  const grounds = restsOn(report).map((it) => `- ${it}`);
  return [
    "### What this change costs to build",
    sentenceOf(report),
    ...limitLines(report),
    formatPolicies(report.policies),
    ...stopsOf(report.policies),
    ...(report.recipes.length === 0 ? [] : [fold("Recipes that change", formatRecipes(report))]),
    fold("What this rests on", grounds.join("\n")),
  ].join("\n\n");
}

function restsOn(report: PredictionReport): readonly string[] {
  return [...settingSentences(report), ...report.grounds, ...PREDICTION_NOTES];
}

function fold(title: string, text: string): string {
  return [`<details><summary>${title}</summary>`, "", text, "", "</details>"].join("\n");
}

function limitLines(report: PredictionReport): readonly string[] {
  const { failAbove, policies } = report;
  if (failAbove === undefined) return [];
  const word = isAbove(report) ? "ABOVE" : "Within";
  return [`${word} the limit of ${failAbove} h for ${policies[0]?.policy ?? ""}.`];
}

function formatPolicies(policies: readonly PolicyPrediction[]): string {
  const isTimed = policies.some((it) => it.expected.seconds !== undefined);
  const figures = ["executed", "restored", ...(isTimed ? (["seconds", "wall"] as const) : [])] as const;
  const head = ["policy", "executed", "restored", ...(isTimed ? ["serial", "begin to end"] : [])];
  const rows = policies.map(({ policy, expected, least, most }) => [
    policy,
    ...figures.map((name) => cell(name as keyof PredictedCost, expected, least, most)),
  ]);
  return formatTable(head, rows);
}

function cell(
  name: keyof PredictedCost,
  ...[expected, least, most]: readonly [PredictedCost, PredictedCost, PredictedCost]
): string {
  const format = name === "seconds" || name === "wall" ? formatDuration : formatCount;
  const [middle, low, high] = [expected, least, most].map((it) => format(it[name] ?? 0));
  return low === high ? `${middle}` : `${middle} (${low} to ${high})`;
}

function stopsOf(policies: readonly PolicyPrediction[]): readonly string[] {
  return policies.flatMap(({ policy, stops }) => {
    if (stops.length === 0) return [];
    const more = stops.length > MOST_STOPS ? ` and ${formatCount(stops.length - MOST_STOPS)} more` : "";
    return [`With ${policy} it is likely to stop at ${stops.slice(0, MOST_STOPS).join(", ")}${more}.`];
  });
}

function formatRecipes({ recipes }: PredictionReport): string {
  const rows = recipes
    .slice(0, MOST_RECIPES)
    .map(({ recipe, changes, classes }) => [recipe, formatCount(changes), classes.join(", ")]);
  const more = recipes.length > MOST_RECIPES ? `\n\n${formatCount(recipes.length - MOST_RECIPES)} more recipes.` : "";
  return `${formatTable(["recipe", "tasks that change by themselves", "what it seems to be"], rows)}${more}`;
}
