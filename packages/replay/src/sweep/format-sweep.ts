import { COUNT_DEFINITIONS, countNames } from "../measure/fates.ts";
import { durationSentences } from "../report/durations-used.ts";
import { chooseUnit, formatCount, type TimeUnit } from "../report/figures.ts";
import { UNIT_WORDS } from "../report/format-sums.ts";
import { formatTable } from "../report/format-table.ts";
import { wrap } from "../report/wrap.ts";
import { confidenceOf } from "./confidence.ts";
import { NOTES } from "./describe-sweep.ts";
import { formatConfidence } from "./format-confidence.ts";
import { pointsOf, type Range, type SweepPoint } from "./ranges.ts";
import type { SweepRun } from "./sweep-run.ts";

/** Counts with their times beside them; `stale` last, which is a count alone. */
const TIMED = ["executed", "restored", "needless", "timing"] as const;

/** The report of a sweep as text: Markdown that reads as well on a terminal. */
export function formatSweep(run: SweepRun): string {
  const points = pointsOf(run);
  return [
    formatHeading(run),
    ...points.map((it) => formatPoint(it, run)),
    ...formatConfidence(confidenceOf(run), run.setting),
    ["## What this rests on", "", formatItems([...durationSentences(run.durations ?? undefined), ...run.assumed])].join(
      "\n",
    ),
    formatDefinitions(run),
  ].join("\n\n");
}

function formatHeading({ history, setting, inputs }: SweepRun): string {
  const { source, header, steps, from, to } = history;
  const days = [...new Set([from, to].filter((it) => it !== "").map((it) => it.slice(0, 10)))];
  const dates = days.length === 0 ? "" : `, ${days.join(" to ")}`;
  const where = setting.builder === "fresh" ? "each in a fresh build directory" : "all in one build directory";
  const topology = inputs.find(({ flag }) => flag === "--topology");
  const built =
    topology === undefined
      ? `Built one after the other, ${where}, with sstate and server kept`
      : `Built by the builders of ${topology.name}`;
  const origin = Object.entries(header).map(([key, value]) => `${key} ${value}`);
  const unsure = inputs.filter((it) => it.sha256 === null).map((it) => `${it.flag} ${it.name}`);
  return [
    `# Sweep of ${source}`,
    "",
    wrap(
      `${formatCount(setting.samples)} ${setting.samples === 1 ? "sample" : "samples"} of ${steps - 1} ${steps === 2 ? "change" : "changes"}${dates}. ${built}; ${setting.workers} workers, seed ${setting.seed}, outcomes ${setting.outcomes}, spread of durations ${setting.spread}${setting.unsure === "drawn" ? ", unsure labels left out" : ""}.`,
    ),
    ...(origin.length === 0 ? [] : [wrap(`Recorded: ${origin.join(", ")}.`)]),
    ...(unsure.length === 0
      ? []
      : [wrap(`No file, so that nobody can say whether it is the same elsewhere: ${unsure.join(", ")}.`)]),
  ].join("\n");
}

function formatPoint({ neutral, drawn, policies }: SweepPoint, { durations }: SweepRun): string {
  const times = policies.flatMap(({ time }) => (time === undefined ? [] : TIMED.map((it) => time.serial[it].high)));
  const unit = chooseUnit(times);
  const isTimed = times.length > 0;
  const rows = policies.map(({ name, counts, time }) => [
    name,
    ...TIMED.flatMap((count) => {
      const isKnown = durations?.knowsRestoring === true || count !== "restored";
      const cell = formatRange(counts[count], formatCount);
      return isTimed ? [cell, time === undefined || !isKnown ? "?" : formatTime(time.serial[count], unit)] : [cell];
    }),
    ...(isTimed ? [time === undefined ? "?" : formatTime(time.wall, unit)] : []),
    formatRange(counts.stale, formatCount),
  ]);
  const head = [
    "policy",
    ...TIMED.flatMap((it) => (isTimed ? [it, unit.name] : [it])),
    ...(isTimed ? [`wall, ${unit.name}`] : []),
    "stale",
  ];
  return [
    `## Changes that nobody decides are neutral with probability ${neutral}`,
    "",
    wrap(
      `Of ${formatRange(drawn.of, formatCount)} changes of tasks' own inputs ${formatRange(drawn.changes, formatCount)} were drawn, ${formatRange(drawn.neutral, formatCount)} of them as neutral.`,
    ),
    "",
    formatTable(head, rows),
    ...(isTimed
      ? [
          "",
          `${unit.name}: serial time of the tasks to its left, ${UNIT_WORDS[unit.name]}; wall: all builds, from begin to end.`,
        ]
      : []),
  ].join("\n");
}

/** `12 (10 to 14)`; the figure alone where all samples have it. */
function formatRange({ median, low, high }: Range, format: (figure: number) => string): string {
  const [middle, least, most] = [median, low, high].map((it) => format(Math.round(it)));
  return least === most && least === middle ? `${middle}` : `${middle} (${least} to ${most})`;
}

function formatTime({ median, low, high }: Range, unit: TimeUnit): string {
  const [middle, least, most] = [median, low, high].map((it) => unit.format(it));
  return least === most && least === middle ? `${middle}` : `${middle} (${least} to ${most})`;
}

function formatDefinitions({ setting }: SweepRun): string {
  return [
    "## Definitions",
    "",
    formatItems([
      ...countNames.map((name) => `${name}: ${COUNT_DEFINITIONS[name]}`),
      ...setting.policies.map(({ name, definition }) => `policy ${name}: ${definition}`),
      ...NOTES,
    ]),
  ].join("\n");
}

function formatItems(items: readonly string[]): string {
  return items.map((it) => wrap(`- ${it}`)).join("\n");
}
