import { type Traffic, trafficNames } from "../measure/traffic.ts";
import { chooseUnit, formatCount, type TimeUnit } from "../report/figures.ts";
import { formatHeading, formatItems } from "../report/format-replay.ts";
import { formatTable } from "../report/format-table.ts";
import { groundsOf } from "../report/replay-report.ts";
import { formatWhy } from "./advice.ts";
import { ANSWER_NOTES, type Answer } from "./answer.ts";
import { buildsOf, type FrontierPoint } from "./frontier.ts";
import { LEVERAGE_NOTES, type Leverage, type Saving } from "./leverage.ts";

/** The answer as text: Markdown that reads as well on a terminal. */
export function formatAnswer(answer: Answer): string {
  const { report, frontier, leverage, advice } = answer;
  return [
    formatHeading(report, "Advice on"),
    advice.length === 0
      ? "The history has one state, which only fills the caches: there is nothing to compare."
      : formatItems(
          advice.map(({ sentence, overturned }) => `${sentence} What would overturn it: ${lowerFirst(overturned)}`),
        ),
    formatFrontier(frontier, report.durations !== undefined),
    formatTraffic(frontier, buildsOf(report.result)),
    ...(leverage === undefined ? [] : [formatLeverage(leverage, report.durations !== undefined)]),
    ["## What this rests on", "", formatItems(groundsOf(report))].join("\n"),
    ["## Definitions", "", formatItems([...ANSWER_NOTES, ...(leverage === undefined ? [] : LEVERAGE_NOTES)])].join(
      "\n",
    ),
  ].join("\n\n");
}

function formatFrontier(frontier: readonly FrontierPoint[], isTimed: boolean): string {
  const unit = chooseUnit(frontier.map((it) => it.cost.seconds ?? 0));
  const rows = frontier.map(({ policy, cost, saved, needless, stale, dominatedBy, role }) => [
    policy,
    formatCount(cost.tasks),
    ...(isTimed ? [unit.format(cost.seconds), signed(saved?.seconds, unit)] : [saved ? formatCount(saved.tasks) : "?"]),
    isTimed ? unit.format(needless.seconds) : formatCount(needless.tasks),
    formatCount(stale),
    role === "ideal" ? "no build can have it" : dominatedBy.length === 0 ? "on the frontier" : dominatedBy.join(", "),
  ]);
  const head = ["policy", "executed", ...(isTimed ? [`cost, ${unit.name}`, "saved"] : ["saved"]), "needless", "stale"];
  return ["## The frontier", "", formatTable([...head, "dominated by"], rows)].join("\n");
}

function formatTraffic(frontier: readonly FrontierPoint[], builds: number): string {
  const perBuild = (figure: number): string => formatCount(Math.round(figure / Math.max(1, builds)));
  const rows = frontier.map(({ policy, traffic }) => [
    policy,
    ...trafficNames.map((name) => perBuild(traffic[name])),
    formatCount(roundTripsOf(traffic)),
    formatCount(traffic.objects),
  ]);
  const head = ["policy", ...trafficNames.map((it) => `${it} a build`), "round trips in all", "objects in all"];
  return ["## What it asks of the server and the cache", "", formatTable(head, rows)].join("\n");
}

function formatLeverage({ rows, together, selfNaming, left }: Leverage, isTimed: boolean): string {
  const savings = [...rows.map((it) => it.saved), together, selfNaming].flat();
  const unit = chooseUnit(savings.map(({ saved }) => Math.abs(saved.seconds ?? 0)));
  const policies = [...new Set(savings.map((it) => it.policy))];
  const cells = (saved: readonly Saving[]): string[] =>
    policies.map((policy) => {
      const it = saved.find((other) => other.policy === policy)?.saved;
      if (it === undefined) return "";
      return isTimed ? signed(it.seconds, unit) : formatCount(it.tasks);
    });
  const table = [
    ...rows.map((it) => [
      it.recipe,
      formatCount(it.changes),
      formatCount(it.steps),
      ...cells(it.saved),
      shorten(formatWhy(it.why)),
    ]),
    ...(rows.length > 1 ? [["all of these together", "", "", ...cells(together), ""]] : []),
    ...(selfNaming.length === 0 ? [] : [["outputs that name their own hash", "", "", ...cells(selfNaming), ""]]),
  ];
  const what = isTimed ? `saved, ${unit.name}` : "tasks saved";
  const head = ["stable outputs of", "changes", "steps", ...policies.map((it) => `${it}: ${what}`), "why they change"];
  return [
    "## Where a stable output would save most",
    "",
    table.length === 0 ? "No recipe's outputs changed by its own doing." : formatTable(head, table),
    ...(left === 0 ? [] : ["", `${formatCount(left)} more recipes changed their outputs and were not tried.`]),
  ].join("\n");
}

/** Batches of look-ups and reports. */
export function roundTripsOf({ batches, reports }: Traffic): number {
  return batches + reports;
}

function signed(seconds: number | undefined, unit: TimeUnit): string {
  return seconds !== undefined && seconds < 0 ? `-${unit.format(-seconds)}` : unit.format(seconds);
}

/** What a cell has room for. */
function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
