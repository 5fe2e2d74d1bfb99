import { formatDuration } from "@depid/durations";
import { certaintyOf } from "../report/certainty.ts";
import { type Cost, compareCosts, costOf, formatCost } from "../report/cost.ts";
import { formatCount, formatShare } from "../report/figures.ts";
import type { ReplayReport } from "../report/replay-report.ts";
import { findBaseline, findBest } from "../report/verdict.ts";
import type { ReplayResult } from "../result.ts";
import { buildsOf, differenceOf, type FrontierPoint, isWrong } from "./frontier.ts";
import type { Leverage, Saving, Why } from "./leverage.ts";

/** One thing to do or to leave. */
export interface Advice {
  /** What it is about (docs/formats.md). */
  readonly about: "choice" | "wrong" | "dominated" | "timing" | "stable" | "labels";
  /** What to do, with the figures that carry it. */
  readonly sentence: string;
  /** These figures: seconds where the name ends so, else numbers. */
  readonly figures: Readonly<Record<string, number>>;
  /** What would overturn it; a sentence. */
  readonly overturned: string;
}

/** What follows from a replay, the most worth first. Empty for a history of one state. */
export function adviceOf(
  report: ReplayReport,
  frontier: readonly FrontierPoint[],
  leverage?: Leverage,
): readonly Advice[] {
  if (report.result.steps.length < 2) return [];
  return [
    ...choiceAdvice(report),
    ...wrongAdvice(frontier),
    ...dominatedAdvice(report, frontier),
    ...timingAdvice(report),
    ...(leverage === undefined ? [] : stableAdvice(report, leverage)),
    ...labelsAdvice(report),
  ];
}

function choiceAdvice(report: ReplayReport): readonly Advice[] {
  const baseline = findBaseline(report.result);
  const best = findBest(report);
  if (baseline === undefined || best === undefined) return [];
  const [before, after] = [costOf(baseline), costOf(best)];
  const saved = differenceOf(before, after);
  const figures = { ...figuresOf("saved", saved), ...figuresOf("baseline", before) };
  const overturned = whatOverturns(report, best.name, baseline.name);
  const builds = buildsOf(report.result);
  if (best === baseline || weightOf(saved) <= 0) {
    return [
      {
        about: "choice",
        sentence: `Stay with ${baseline.name}: of the policies that reuse nothing wrong, none costs less than its ${formatCost(before, "tasks")}.`,
        figures,
        overturned,
      },
    ];
  }
  const requests = (best.traffic.sum.batches + best.traffic.sum.reports) / builds;
  const load =
    requests === 0 ? "" : ` It costs ${formatCount(Math.round(requests))} round trips to the server a build.`;
  return [
    {
      about: "choice",
      sentence: `Adopt ${best.name}: it ${compareCosts(before, after)} of ${formatCost(before, "tasks")} with ${baseline.name}, over ${formatCount(builds)} ${builds === 1 ? "build" : "builds"}.${load}`,
      figures: { ...figures, round_trips_per_build: requests },
      overturned,
    },
  ];
}

/** What would have to be otherwise for the order of two policies to be another one. */
function whatOverturns(report: ReplayReport, best: string, baseline: string): string {
  const { changes, unsure, guessed, unknown } = certaintyOf(report.account);
  const parts = [
    ...(unsure > 0 ? [`${formatCount(unsure)} rest on labels marked unsure`] : []),
    ...(guessed > 0 ? [`${formatCount(guessed)} are guessed by class`] : []),
    ...(unknown > 0 ? [`${formatCount(unknown)} are decided by the bound alone`] : []),
  ];
  const grounds =
    parts.length === 0 ? "" : ` Of ${formatCount(changes)} changes of tasks' own inputs, ${parts.join(", ")}.`;
  const { sensitivity } = report;
  if (best === baseline) return `Other outcomes, under which another policy costs less.${grounds}`;
  if (sensitivity === undefined) return `Other outcomes: --sensitivity tries them.${grounds}`;
  const tried = sensitivity.map((it) => ({ model: it.model, saved: savedIn(it.result, best, baseline) }));
  const against = tried.filter(({ saved }) => saved !== undefined && weightOf(saved) <= 0);
  if (against.length === 0)
    return `None of the ${tried.length} outcome models that were tried: ${rangeOf(tried)}.${grounds}`;
  const models = against.map(({ model }) => model).join("; ");
  return `The outcomes under which it saves nothing: ${models}. Under the ${tried.length} that were tried: ${rangeOf(tried)}.${grounds}`;
}

function savedIn({ policies }: ReplayResult, best: string, baseline: string): Cost | undefined {
  const [before, after] = [baseline, best].map((name) => policies.find((it) => it.name === name));
  return before && after && differenceOf(costOf(before), costOf(after));
}

function rangeOf(tried: readonly { readonly saved: Cost | undefined }[]): string {
  const saved = tried.flatMap((it) => it.saved ?? []);
  const seconds = saved.flatMap((it) => it.seconds ?? []);
  const signed = (value: number) => `${value < 0 ? "-" : ""}${formatDuration(Math.abs(value))}`;
  const [values, format] =
    seconds.length > 0 ? [seconds, signed] : [saved.map((it) => it.tasks), (n: number) => `${formatCount(n)} tasks`];
  return `it saves ${format(Math.min(...values))} to ${format(Math.max(...values))}`;
}

function wrongAdvice(frontier: readonly FrontierPoint[]): readonly Advice[] {
  return frontier
    .filter(({ stale }) => stale > 0)
    .map(({ policy, stale, saved }) => ({
      about: "wrong",
      sentence: `Do not adopt ${policy}: ${formatCount(stale)} ${stale === 1 ? "output" : "outputs"} that it reuses ${stale === 1 ? "is" : "are"} not what a clean build makes, whatever it saves.`,
      figures: { stale, ...(saved === undefined ? {} : figuresOf("saved", saved)) },
      overturned: "Outcomes under which the changes behind these outputs change nothing.",
    }));
}

function dominatedAdvice(report: ReplayReport, frontier: readonly FrontierPoint[]): readonly Advice[] {
  const baseline = findBaseline(report.result);
  return frontier
    .filter(({ policy, role, ...it }) => role === "choice" && policy !== "rebuild-all" && !isWrong({ policy, ...it }))
    .flatMap(({ policy, cost, dominatedBy }) => {
      const [better] = frontier
        .filter((it) => dominatedBy.includes(it.policy) && !isWrong(it))
        .sort((a, b) => weightOf(a.cost) - weightOf(b.cost));
      if (better === undefined || baseline === undefined) return [];
      return [
        {
          about: "dominated" as const,
          sentence: `Leave ${policy}: ${better.policy} is as good or better in cost, needless work and stale reuse; against ${baseline.name}, ${policy} ${compareCosts(costOf(baseline), cost)}.`,
          figures: { ...figuresOf("cost", cost), ...figuresOf("better", better.cost) },
          overturned:
            "What this replay does not have: other builders that report first, other topologies, changes in another order.",
        },
      ];
    });
}

function timingAdvice(report: ReplayReport): readonly Advice[] {
  const best = findBest(report);
  if (best === undefined || best.sum.timing === 0) return [];
  const serial = best.time?.sum.serial;
  const late: Cost = { tasks: best.sum.timing, seconds: serial?.timing };
  const needless: Cost = { tasks: best.sum.needless, seconds: serial?.needless };
  const share = formatShare(late.seconds ?? late.tasks, needless.seconds ?? needless.tasks);
  return [
    {
      about: "timing",
      sentence: `With ${best.name}, ${formatCost(late, "tasks")} of ${formatCost(needless, "tasks")} needless (${share}) ran only as the server's answer came late. The rest ran so that somebody knows that outputs are as before, or for a task that did: have low tasks built and reported first, by a job of their own.`,
      figures: { ...figuresOf("late", late), ...figuresOf("needless", needless) },
      overturned: `Another number of workers than ${report.setting.workers}, or tasks that take other times: both decide what runs before an answer.`,
    },
  ];
}

const MOST_STABLE = 3;

/** Where a stable output is worth most under the cheapest policy, or the first that was tried. */
function stableAdvice(report: ReplayReport, { rows, selfNaming }: Leverage): readonly Advice[] {
  const best = findBest(report);
  const policies = (rows[0]?.saved ?? selfNaming).map((it) => it.policy);
  const policy = policies.find((it) => it === best?.name) ?? policies[0];
  const measured = report.result.policies.find((it) => it.name === policy);
  if (measured === undefined) return [];
  const cost = costOf(measured);
  const savedBy = (saved: readonly Saving[]): Cost => saved.find((it) => it.policy === policy)?.saved ?? cost;
  const recipes = rows
    .map((row) => ({ ...row, saved: savedBy(row.saved) }))
    .filter((it) => weightOf(it.saved) > 0)
    .sort((a, b) => weightOf(b.saved) - weightOf(a.saved))
    .slice(0, MOST_STABLE);
  const naming = selfNaming.length === 0 ? undefined : savedBy(selfNaming);
  const shareOf = (saved: Cost): string => formatShare(weightOf(saved), weightOf(cost));
  return [
    ...recipes.map(({ recipe, changes, saved, why }): Advice => {
      const sure = why.reduce((sum, it) => sum + (it.sure ? it.changes : 0), 0);
      return {
        about: "stable",
        sentence: `Look at the outputs of ${recipe}: with ${policy}, ${formatCost(saved, "tasks")} (${shareOf(saved)}) run and are restored only because ${changes === 1 ? "one change" : `${formatCount(changes)} changes`} of its own inputs changed them. Why: ${formatWhy(why)}.`,
        figures: { changes, sure, ...figuresOf("saved", saved) },
        overturned:
          sure === changes
            ? "Nothing, where the outputs had to change: sources that are sure say that they did, and only two outputs side by side say whether they had to (depid outhash FOLDER --against FOLDER)."
            : `The changes that are not sure (${formatCount(changes - sure)} of ${formatCount(changes)}), if they change no output anyway; what differs is unknown until two outputs are compared (depid outhash FOLDER --against FOLDER).`,
      };
    }),
    ...(naming === undefined || weightOf(naming) <= 0
      ? []
      : [
          {
            about: "stable" as const,
            sentence: `Have no output name its own hash: with ${policy}, ${formatCost(naming, "tasks")} (${shareOf(naming)}) run and are restored only because outputs do.`,
            figures: figuresOf("saved", naming),
            overturned: "A recording that shows such outputs equal under two hashes (--outcomes recorded:SOURCE).",
          },
        ]),
  ];
}

/** What is known of why outputs changed, in words. */
export function formatWhy(why: readonly Why[]): string {
  const [first, second] = why;
  if (first === undefined) return "unknown";
  const one = ({ by, reason, sure, changes }: Why): string =>
    `${reason === "" ? `${by} says so` : `"${reason}"`} (${formatCount(changes)}${sure ? "" : ", not sure"})`;
  const rest = why.slice(2).reduce((sum, it) => sum + it.changes, 0);
  return [first, second]
    .flatMap((it) => (it === undefined ? [] : one(it)))
    .concat(rest > 0 ? [`other reasons (${formatCount(rest)})`] : [])
    .join(", ");
}

function labelsAdvice({ account }: ReplayReport): readonly Advice[] {
  const { changes, unknown, bound } = certaintyOf(account);
  if (unknown === 0) return [];
  return [
    {
      about: "labels",
      sentence: `Say what the changes do: ${formatCount(unknown)} of ${formatCount(changes)} changes of tasks' own inputs (${formatShare(unknown, changes)}) are taken as ${bound}, as no source knows them. depid label drafts labels; depid sweep draws what nobody knows.`,
      figures: { unknown, changes },
      overturned: "Nothing: until then the figures above are a bound.",
    },
  ];
}

/** By what costs are compared: seconds, or tasks where no durations are known. */
function weightOf({ tasks, seconds }: Cost): number {
  return seconds ?? tasks;
}

function figuresOf(name: string, { tasks, seconds }: Cost): Record<string, number> {
  return { [`${name}_tasks`]: tasks, ...(seconds === undefined ? {} : { [`${name}_seconds`]: seconds }) };
}
