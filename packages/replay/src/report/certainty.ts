import { formatDuration } from "@depid/durations";
import type { OutcomeAccount } from "../outcomes/outcome-account.ts";
import type { MeasuredPolicy, ReplayResult } from "../result.ts";
import { type Cost, costOf } from "./cost.ts";
import { formatCount } from "./figures.ts";
import type { ReplayReport } from "./replay-report.ts";

/** On what the outcomes of a replay rest, in changes of tasks' own inputs. */
export interface Certainty {
  readonly changes: number;
  /** Decided by labels marked unsure. */
  readonly unsure: number;
  /** Decided by the classes of changes: a guess. */
  readonly guessed: number;
  /** Decided by no source but the bound. */
  readonly unknown: number;
  /** Name of the bound. */
  readonly bound: string;
}

export function certaintyOf({ shares, labels }: Pick<OutcomeAccount, "shares" | "labels">): Certainty {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, it) => total + it, 0);
  const bound = shares.at(-1);
  return {
    changes: sum(shares.map((it) => it.changes)),
    unsure: sum(labels.flatMap((of) => of.labels.map(({ label, decided }) => (label.sure ? 0 : decided)))),
    guessed: sum(shares.filter((it) => it.name.startsWith("classes")).map((it) => it.changes)),
    unknown: bound?.changes ?? 0,
    bound: bound?.name ?? "",
  };
}

/** How far the verdict depends on what nobody knows: with the range, where the same was replayed with unsure labels turned. */
export function certaintyLines(report: ReplayReport, baseline: MeasuredPolicy | undefined): readonly string[] {
  const certainty = certaintyOf(report.account);
  const { changes, unsure, guessed, unknown, bound } = certainty;
  if (changes === 0) return [];
  if (unknown === changes) return [nothingKnown(changes, bound)];
  const parts = [
    ...(unsure > 0 ? [`${formatCount(unsure)} rest on unsure labels`] : []),
    ...(guessed > 0 ? [`${formatCount(guessed)} are guessed by the class of the change`] : []),
    ...(unknown > 0 ? [`${formatCount(unknown)} are known to no source (${bound})`] : []),
  ];
  if (parts.length === 0) return [];
  const ranges = rangesOf(report, baseline);
  const more =
    ranges.length > 0
      ? ` Range, with unsure labels all neutral to all propagating: ${ranges.join("; ")}.`
      : unsure > 0
        ? " --sensitivity tells what comes of it if these are wrong."
        : "";
  return [`Not sure: of ${formatCount(changes)} changes of tasks' own inputs, ${parts.join(", ")}.${more}`];
}

function nothingKnown(changes: number, bound: string): string {
  const what = bound === "neutral" ? "as changing no output" : "as changing all outputs above";
  const limit = bound === "neutral" ? "the least" : "the most";
  return `Nothing is known of outputs: ${changes === 1 ? "the one change" : `all ${formatCount(changes)} changes`} of tasks' own inputs ${changes === 1 ? "is" : "are"} taken ${what} (${bound}), so what is needed is ${limit} it can be. --outcomes tells what is known.`;
}

/** What policies save, and what is needed, over the replays in which unsure labels were turned. */
function rangesOf({ result, sensitivity }: ReplayReport, baseline: MeasuredPolicy | undefined): readonly string[] {
  const turned = (sensitivity ?? []).filter((it) => it.turnsUnsure).map((it) => it.result);
  if (turned.length === 0) return [];
  const all = [result, ...turned];
  return result.policies
    .filter((it) => it.name !== "rebuild-all")
    .flatMap(({ name }) => {
      const isIdeal = name === "clairvoyant";
      const costs = all.flatMap((it) => costIn(it, name));
      const isFixed = costs.every((it) => it.tasks === costs[0]?.tasks);
      if (costs.length === 0 || (isFixed && !isIdeal)) return [];
      if (isIdeal || baseline === undefined) return [`${isIdeal ? "the ideal" : name} runs ${formatRange(costs)}`];
      const saved = all.flatMap((it) => savedIn(it, name, baseline.name));
      const costsMore = saved.every((it) => it.tasks <= 0 && (it.seconds ?? 0) <= 0);
      return [
        costsMore ? `${name} costs ${formatRange(saved.map(negate))} MORE` : `${name} saves ${formatRange(saved)}`,
      ];
    });
}

function costIn({ policies }: ReplayResult, name: string): Cost[] {
  return policies.filter((it) => it.name === name).map(costOf);
}

function savedIn(result: ReplayResult, name: string, baseline: string): Cost[] {
  const before = costIn(result, baseline)[0];
  return costIn(result, name).map((after) => ({
    tasks: (before?.tasks ?? 0) - after.tasks,
    seconds: before?.seconds === undefined || after.seconds === undefined ? undefined : before.seconds - after.seconds,
  }));
}

function negate({ tasks, seconds }: Cost): Cost {
  return { tasks: -tasks, seconds: seconds === undefined ? undefined : -seconds };
}

/** `12,000 to 16,500 tasks, 100 h to 130 h`; what is less than nothing has a sign. */
function formatRange(costs: readonly Cost[]): string {
  const signed = (seconds: number): string => `${seconds < 0 ? "-" : ""}${formatDuration(Math.abs(seconds))}`;
  const tasks = costs.map((it) => it.tasks);
  const range = `${formatCount(Math.min(...tasks))} to ${formatCount(Math.max(...tasks))} tasks`;
  const seconds = costs.flatMap((it) => it.seconds ?? []);
  if (seconds.length === 0) return range;
  return `${range}, ${signed(Math.min(...seconds))} to ${signed(Math.max(...seconds))}`;
}
