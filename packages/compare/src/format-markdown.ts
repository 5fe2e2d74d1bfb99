import { formatDuration, type WorkEstimate } from "@depid/durations";
import { markdownTable } from "markdown-table";
import type { Cause, CauseChange } from "./cause.ts";
import type { CauseCount } from "./cause-count.ts";
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
import { configsOf, type DiffReport } from "./format-diff.ts";
import { printable } from "./text-diff.ts";

/** GitHub takes comments of 65,536 characters. */
const ROOM = 60_000;
const CHANGES = 12;
const NAMES = 10;

/**
 * A comparison as a comment on a merge request, for GitHub and GitLab: a sentence, a table of causes, and their diffs folded
 * away. Nothing in it is taken for markup, a mention or a link, whatever recipes contain. Diffs that would make it longer than a
 * comment may be are left out, with their number.
 */
export function formatMarkdown(report: DiffReport): string {
  const { comparison, limit, cost } = report;
  const { common, commonSstate, changed, added, removed, stopped, causes } = comparison;
  const sstate = changed.filter((it) => it.after.setscene).length;
  const shown = causes.slice(0, limit);
  const head = [
    `### This change invalidates ${grouped(changed.length)} of ${counted(common, "task")} (${grouped(sstate)} of ${grouped(commonSstate)} sstate tasks)` +
      (cost === undefined ? "" : `, ${describeWork(cost.changed, cost.workers)}`),
    [
      `From ${code(report.before)} to ${code(report.after)}.`,
      ...configsOf(report).map((it) => `${code(it)}.`),
      ...(report.selection === undefined ? [] : [`Of the tasks ${code(report.selection)} only.`]),
      `${counted(added.length, "task is", "tasks are")} new, ${grouped(removed.length)} gone.`,
      `${grouped(stopped.length)} changed tasks kept their depid: stopped by equivalence.`,
      ...describeKept(comparison).map((it) => `${it}.`),
    ].join(" "),
    ...describeHeld(comparison).map((it) => `**${it}**`),
    ...describeRelocked(comparison).map((it) => code(it)),
    ...(cost === undefined ? [] : [describeCost({ ...cost, names: cost.names.map(code) }).join(" ")]),
    ...(shown.length === 0 ? [] : [tableOf(shown, cost)]),
    ...(causes.length > limit ? [`${counted(causes.length - limit, "more cause")} not shown.`] : []),
  ];
  const foot = shown.length === 0 ? [] : ["_What a change looks like is a guess from its text, never a fact._"];
  const details: string[] = [];
  let room = ROOM - [...head, ...foot].join("\n\n").length;
  for (const [i, cause] of shown.entries()) {
    const detail = detailOf(cause, i + 1, report);
    room -= detail.length + 2;
    if (room < 0) break;
    details.push(detail);
  }
  const left = shown.length - details.length;
  return [
    ...head,
    ...details,
    ...(left > 0 ? [`The diffs of ${counted(left, "cause")} are left out.`] : []),
    ...foot,
  ].join("\n\n");
}

function tableOf(causes: readonly Cause[], cost: DiffCost | undefined): string {
  const head = [
    "",
    "cause",
    "entered at",
    "tasks changed (sstate)",
    "for no other cause",
    ...(cost === undefined ? [] : [`serial, with ${counted(cost.workers, "worker")}`]),
    "looks like",
  ];
  const rows = causes.map((cause, i) => {
    const { what, name, more } = titleOf(cause);
    return [
      `${i + 1}`,
      `${what} ${name === "" ? "" : code(name)}${more}`,
      counted(cause.entered.length, "task"),
      countOf(cause.all),
      countOf(cause.only),
      ...(cost === undefined ? [] : [workOf(cost.causes[i] as WorkEstimate)]),
      describeClass(cause.class),
    ].map((cell) => cell.replaceAll("|", "\\|"));
  });
  return markdownTable([head, ...rows], {
    align: head.map((title) => (title === "cause" || title === "looks like" ? "" : "right")),
    alignDelimiters: false, // one long name would widen every row
  });
}

function workOf({ serial, wall }: WorkEstimate): string {
  return `${formatDuration(serial)}, ${formatDuration(wall)}`;
}

function countOf({ tasks, sstate }: CauseCount): string {
  return `${grouped(tasks)} (${grouped(sstate)})`;
}

function detailOf(cause: Cause, number: number, { lines, comparison }: DiffReport): string {
  const { what, name, more } = titleOf(cause);
  const { changes, entered } = cause;
  const held = heldOf(cause, comparison);
  return [
    `<details><summary>${number}. ${what} <code>${html(name)}</code>${more}</summary>`,
    `Entered at ${counted(entered.length, "task")}: ${code(someOf(entered, NAMES))}`,
    ...(held.length === 0 ? [] : [`**Not built**: a lock holds ${code(someOf(held, NAMES))}`]),
    ...changes.slice(0, CHANGES).flatMap((change) => changeOf(change, lines)),
    ...(changes.length > CHANGES ? [`${counted(changes.length - CHANGES, "more change")}.`] : []),
    "</details>",
  ].join("\n\n");
}

function changeOf({ change, brings, drops, way, class: kind }: CauseChange, limit: number): string[] {
  const { what, name, how } = describeChange(change);
  const diff = diffOf(change, limit);
  const text = [
    ...(diff?.lines ?? []),
    ...(diff !== undefined && diff.left > 0 ? [`… ${counted(diff.left, "more line")}`] : []),
  ];
  return [
    `**${what}** ${name === "" ? "" : `${code(name)} `}${change.kind === "taint" ? code(how) : how}: ${describeClass(kind)}`,
    ...describeWay(way, kind).map(code),
    ...(brings.length > 0 ? [`Brings ${code(someOf(brings, NAMES))}`] : []),
    ...(drops.length > 0 ? [`Drops ${code(someOf(drops, NAMES))}`] : []),
    ...(text.length === 0 ? [] : [fenced(text)]),
  ];
}

/** A code span: nothing in it is markup. Its fence is longer than any run of backticks in it. */
function code(text: string): string {
  const line = printable(text);
  const fence = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

function fenced(lines: readonly string[]): string {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [`${fence}diff`, ...lines, fence].join("\n");
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((it) => it[0].length));
}

function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
