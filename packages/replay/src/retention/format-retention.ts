import type { RetentionDocument } from "../documents/retention-document.ts";
import { chooseUnit, formatCount, rounded } from "../report/figures.ts";
import { formatTable } from "../report/format-table.ts";
import { wrap } from "../report/wrap.ts";
import { formatByteSize } from "../topology/byte-size.ts";
import type { RetentionCost, RetentionCurve } from "./measure-retention.ts";
import { answerOf, formatLimit, lossOf } from "./retention-answer.ts";

/** Retention curves with all that a reader needs to judge them. */
export interface RetentionReport {
  /** The history, as it was named. */
  readonly source: string;
  readonly steps: number;
  readonly setting: RetentionSetting;
  readonly curves: readonly RetentionCurve[];
  /** What they rest on, a sentence each. */
  readonly grounds: readonly string[];
}

export interface RetentionSetting {
  readonly builder: "fresh" | "persistent";
  /** File of the topology; then `builder` says nothing. */
  readonly topology?: string;
  readonly outcomes: string;
  readonly workers: number;
  readonly seed: number;
}

const NOTES: readonly string[] = [
  "Caches are pruned when all builders have built a step; a step that is built finds what the last pruning left, and what was made since.",
  "Kept: the most that all caches together held after a pruning. While a step is built it may be more.",
  "Sums leave out the first step. Times are serial, of executing and restoring; lost is what a limit costs against keeping all.",
];

/** The report as text: Markdown that reads as well on a terminal. */
export function formatRetention(report: RetentionReport): string {
  const { source, steps, setting, curves, grounds } = report;
  const { builder, topology, outcomes, workers, seed } = setting;
  const who = topology === undefined ? `in ${builder} build directories` : `by the builders of ${topology}`;
  return [
    `# How large an sstate cache should be, by ${source}`,
    wrap(`${steps} steps, built ${who}; ${workers} workers, seed ${seed}, outcomes ${outcomes}.`),
    formatItems(curves.map(answerOf)),
    ...curves.map(formatCurve),
    ["## What this rests on", "", formatItems([...grounds, ...NOTES])].join("\n"),
  ].join("\n\n");
}

function formatCurve({ policy, all, points }: RetentionCurve): string {
  const isTimed = all.seconds !== undefined;
  const unit = chooseUnit([all, ...points].map((it) => it.seconds ?? 0));
  const cells = (it: RetentionCost): string[] => {
    const lost = lossOf(it, all);
    return [
      formatByteSize(it.most.bytes),
      formatCount(it.most.objects),
      formatCount(it.executed),
      formatCount(it.restored),
      formatCount(lost.tasks),
      ...(isTimed ? [unit.format(it.seconds), formatSigned(lost.seconds ?? 0, unit.format)] : []),
    ];
  };
  const head = [
    "kept",
    "objects",
    "executed",
    "restored",
    "lost",
    ...(isTimed ? [unit.name, `${unit.name} lost`] : []),
  ];
  const rows = [["all", ...cells(all)], ...points.map((it) => [formatLimit(it.rule), ...cells(it)])];
  return [`## ${policy}`, "", formatTable(["limit", ...head], rows)].join("\n");
}

function formatSigned(seconds: number, format: (seconds: number) => string): string {
  return seconds < 0 ? `-${format(-seconds)}` : format(seconds);
}

function formatItems(items: readonly string[]): string {
  return items.map((it) => wrap(`- ${it}`)).join("\n");
}

/** The report as plain data, for `--json`: the same input gives the same document (`depid-retention/1`, see docs/formats.md). */
export function retentionDocument({ source, steps, setting, curves, grounds }: RetentionReport): RetentionDocument {
  return {
    format: "depid-retention/1",
    history: source,
    steps,
    setting,
    answers: curves.map(answerOf),
    grounds: [...grounds, ...NOTES],
    curves: curves.map(({ policy, all, points }) => ({
      policy,
      all: describeCost(all, all),
      points: points.map(({ rule, ...it }) => ({ ...rule, ...describeCost(it, all) })),
    })),
  };
}

function describeCost(cost: RetentionCost, all: RetentionCost) {
  const { executed, restored, seconds, most } = cost;
  const lost = lossOf(cost, all);
  return {
    kept_bytes: most.bytes,
    kept_objects: most.objects,
    executed,
    restored,
    seconds: seconds === undefined ? null : rounded(seconds),
    lost_tasks: lost.tasks,
    lost_seconds: lost.seconds === undefined ? null : rounded(lost.seconds),
  };
}

/** The curves as lines of CSV (RFC 4180, without line ends): a line for each policy and limit, and one for keeping all, with an empty rule; what is not known is empty. */
export function* formatRetentionCsv(report: RetentionReport): Generator<string> {
  const figures = [
    "kept_bytes",
    "kept_objects",
    "executed",
    "restored",
    "seconds",
    "lost_tasks",
    "lost_seconds",
  ] as const;
  yield ["policy", "rule", "limit_bytes", "limit_steps", ...figures].join(",");
  for (const { policy, all, points } of retentionDocument(report).curves) {
    const name = /[",\r\n]/.test(policy) ? `"${policy.replaceAll('"', '""')}"` : policy;
    const rowOf = (limit: readonly (string | number)[], it: typeof all): string =>
      [name, ...limit, ...figures.map((figure) => it[figure] ?? "")].join(",");
    yield rowOf(["", "", ""], all);
    for (const it of points) yield rowOf([it.rule, "bytes" in it ? it.bytes : "", "steps" in it ? it.steps : ""], it);
  }
}
