import type { Cause, CauseChange } from "./cause.ts";
import type { CauseCount } from "./cause-count.ts";
import type { Comparison } from "./compare.ts";
import type { DiffCost } from "./cost.ts";
import {
  counted,
  describeChange,
  describeClass,
  describeWay,
  diffOf,
  grouped,
  someOf,
  titleOf,
} from "./describe-change.ts";
import { describeCost, describeWork } from "./describe-cost.ts";
import { describeHeld, describeKept, describeRelocked, heldOf } from "./describe-lock.ts";
import { nameOfConfig } from "./match-configs.ts";
import { printable } from "./text-diff.ts";

/** A comparison with what it was made of and how much of it is shown. */
export interface DiffReport {
  /** As named by the user. */
  readonly before: string;
  readonly after: string;
  readonly comparison: Comparison;
  /** Pattern of the tasks that were selected. */
  readonly selection?: string;
  /** Causes shown at most. */
  readonly limit: number;
  /** Lines of one text diff shown at most. */
  readonly lines: number;
  /** What it costs in time; `undefined`: no durations are known, and no time is told. */
  readonly cost?: DiffCost;
}

/** Changes of one cause that are shown, and names of tasks where it entered. */
const CHANGES = 12;
const NAMES = 6;

/** A comparison as text for a terminal. */
export function formatDiff(report: DiffReport): string {
  const { before, after, comparison, limit } = report;
  const { causes } = comparison;
  return [
    [`${printable(before)} -> ${printable(after)}`, ...configsOf(report), ...summaryOf(report)].join("\n"),
    ...knowledgeOf(report),
    ...causes.slice(0, limit).map((cause, i) => formatCause(cause, i + 1, report)),
    ...(causes.length > limit
      ? [`${counted(causes.length - limit, "more cause")}: --limit ${causes.length} shows all`]
      : []),
  ].join("\n\n");
}

/** Which configurations with different names were compared, and which with nothing. */
export function configsOf({ before, after, comparison }: DiffReport): string[] {
  const { match, onlyBefore, onlyAfter } = comparison.pairing.configs;
  const named = (configs: readonly string[]) => configs.map((it) => printable(nameOfConfig(it))).join(", ");
  if (match !== undefined && match.before !== match.after) {
    return [`multiconfig ${named([match.before])} is compared with ${named([match.after])}`];
  }
  if (onlyBefore.length + onlyAfter.length === 0) return [];
  const sides = [
    ...(onlyBefore.length > 0 ? [`${named(onlyBefore)} of ${printable(before)}`] : []),
    ...(onlyAfter.length > 0 ? [`${named(onlyAfter)} of ${printable(after)}`] : []),
  ];
  return [`multiconfigs that the other build does not have: ${sides.join("; ")}; --multiconfig A=B compares two`];
}

/** The counts of a comparison, a sentence each. */
function summaryOf({ comparison, selection, cost }: DiffReport): string[] {
  const { common, commonSstate, changed, added, removed, stopped, causes } = comparison;
  const sstate = changed.filter((it) => it.after.setscene).length;
  return [
    `${grouped(changed.length)} of ${counted(common, "task")} changed, among them ${grouped(sstate)} of ${grouped(commonSstate)} sstate tasks` +
      `${selection === undefined ? "" : ` (tasks selected by ${printable(selection)})`}; ` +
      `${grouped(added.length)} new, ${grouped(removed.length)} gone`,
    ...(cost === undefined ? [] : [describeWork(cost.changed, cost.workers), ...describeCost(cost).map(printable)]),
    ...describeHeld(comparison),
    `${grouped(stopped.length)} changed ${stopped.length === 1 ? "task" : "tasks"} kept the depid: stopped by equivalence`,
    ...describeKept(comparison),
    ...describeRelocked(comparison),
    `${counted(causes.length, "root cause")}`,
  ];
}

/** What the captures say they do not know; once if both say it. */
function knowledgeOf({ before, after, comparison }: DiffReport): string[] {
  const said = new Map<string, string[]>();
  const sides = [
    [before, comparison.before.header],
    [after, comparison.after.header],
  ] as const;
  for (const [name, { unknown, assumed }] of sides) {
    for (const line of [...unknown.map((it) => `unknown: ${it}`), ...assumed.map((it) => `assumed: ${it}`)]) {
      said.set(line, [...(said.get(line) ?? []), name]);
    }
  }
  const lines = [...said].map(
    ([line, names]) => `${printable(line)}${names.length === 2 ? "" : ` (${names.map(printable).join(", ")})`}`,
  );
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function formatCause(cause: Cause, number: number, { lines, cost, comparison }: DiffReport): string {
  const { what, name, more } = titleOf(cause);
  const { changes, entered, lowest, all, only } = cause;
  const work = cost?.causes[number - 1];
  const held = heldOf(cause, comparison);
  return [
    `${number}. ${what} ${name}${more}: ${describeClass(cause.class)}`.replace(" :", ":"),
    `   changes ${countOf(all)}, ${only.tasks === all.tasks ? "all" : grouped(only.tasks)} of them for no other cause`,
    ...(work === undefined || cost === undefined ? [] : [`   ${describeWork(work, cost.workers)}`]),
    ...(held.length === 0 ? [] : [`   NOT built: a lock holds ${someOf(held, NAMES)}`]),
    `   entered at ${counted(entered.length, "task")}, lowest: ${someOf(lowest.length > 0 ? lowest : entered, NAMES)}`,
    ...changes.slice(0, CHANGES).flatMap((change) => formatChange(change, entered.length, lines)),
    ...(changes.length > CHANGES ? [`   - ${counted(changes.length - CHANGES, "more change")}`] : []),
  ].join("\n");
}

function countOf({ tasks, sstate }: CauseCount): string {
  return `${counted(tasks, "task")} (${grouped(sstate)} sstate)`;
}

function formatChange(
  { change, entered, brings, drops, way, class: kind }: CauseChange,
  of: number,
  limit: number,
): string[] {
  const { what, name, how } = describeChange(change);
  const diff = diffOf(change, limit);
  const place = entered.length === of ? "" : ` (at ${counted(entered.length, "task")}: ${someOf(entered, 3)})`;
  return [
    `   - ${[what, name, how].filter((it) => it !== "").join(" ")}${place}: ${describeClass(kind)}`,
    ...describeWay(way, kind).map((it) => `     ${it}`),
    ...(brings.length > 0 ? [`     brings ${someOf(brings, NAMES)}`] : []),
    ...(drops.length > 0 ? [`     drops ${someOf(drops, NAMES)}`] : []),
    ...(diff?.lines ?? []).map((line) => `       ${line}`),
    ...(diff !== undefined && diff.left > 0 ? [`       … ${counted(diff.left, "more line")}`] : []),
  ];
}
