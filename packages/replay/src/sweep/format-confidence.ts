import { chooseUnit, formatCount } from "../report/figures.ts";
import { formatTable } from "../report/format-table.ts";
import { wrap } from "../report/wrap.ts";
import type { BreakEven, Confidence, PairConfidence } from "./confidence.ts";
import type { Range } from "./ranges.ts";
import type { SweepSetting } from "./sweep-run.ts";

/** How far the order of policies is to be trusted: sections of a report. Pairs of which one is never cheaper or dearer are left out. */
export function formatConfidence(
  { unit, pairs, tornado }: Confidence,
  { neutral, samples }: Pick<SweepSetting, "neutral" | "samples">,
): readonly string[] {
  const told = pairs.filter(({ points }) => points.some(({ ties }) => ties < samples));
  if (told.length === 0) return [];
  const times = told.flatMap(({ points }) => points.flatMap(({ saved }) => [saved.low, saved.high].map(Math.abs)));
  const time = chooseUnit(unit === "seconds" ? times : []);
  const format = (figure: number): string =>
    `${figure < 0 ? "-" : ""}${unit === "seconds" ? time.format(Math.abs(figure)) : formatCount(Math.round(Math.abs(figure)))}`;
  const range = ({ median, low, high }: Range): string => `${format(median)} (${format(low)} to ${format(high)})`;
  const what = unit === "seconds" ? time.name : "tasks";
  const rows = told.flatMap(({ policies: [a, b], points }) =>
    points.map(({ neutral, saved, wins, ties, p, needed }, i) => [
      i === 0 ? `${b} against ${a}` : "",
      String(neutral),
      range(saved),
      `${formatCount(wins)} of ${formatCount(samples - ties)}`,
      p < 0.001 ? "<0.001" : p.toFixed(3),
      needed === null ? "no number" : formatCount(needed),
    ]),
  );
  const effects = tornado.flatMap(({ neutral, policies: [a, b], groups }) =>
    groups.map(({ step, recipe, changes, ifNeutral, ifPropagating }, i) => [
      i === 0 ? `${b} against ${a}, ${neutral}` : "",
      `step ${step}: ${recipe}`,
      formatCount(changes),
      format(ifNeutral),
      format(ifPropagating),
    ]),
  );
  return [
    [
      "## How sure the order of policies is",
      "",
      formatTable(["policies", "neutral", `saved, ${what}`, "samples that save", "p", "samples needed"], rows),
      "",
      wrap(breakEvenWords(told, neutral)),
    ].join("\n"),
    [
      "## What of the drawn it depends on",
      "",
      effects.length === 0
        ? "Nothing drawn has an effect on the savings that is told from chance, with so many samples."
        : formatTable(["policies", "drawn", "changes", `saved if neutral, ${what}`, "if propagating"], effects),
    ].join("\n"),
  ];
}

function breakEvenWords(pairs: readonly PairConfidence[], neutral: readonly number[]): string {
  const [least, most] = [Math.min(...neutral), Math.max(...neutral)];
  if (least === most)
    return `Break-even: unknown, as changes are neutral with one probability, ${least}: --neutral takes several.`;
  const words = pairs.flatMap(({ policies: [a, b], breakEven }) =>
    breakEven.length === 0 ? [] : [`${a} and ${b} at ${breakEven.map(formatBreakEven).join(" and at ")}`],
  );
  const where = `within ${least} to ${most}`;
  if (words.length === 0) return `Break-even: no two policies have any ${where}.`;
  return `Break-even, by the neutral share: ${words.join("; ")}. All others: none ${where}.`;
}

function formatBreakEven({ neutral, low, high }: BreakEven): string {
  const [at, least, most] = [neutral, low, high].map((it) => it.toFixed(2));
  return `${at} (${least} to ${most})`;
}
