import { rounded } from "../report/figures.ts";
import { confidenceOf } from "./confidence.ts";
import type { SweepRun } from "./sweep-run.ts";

/** What a figure is of; what does not apply is left out. */
interface Subject {
  readonly part: "order" | "break-even" | "dependence";
  /** The second policy of a pair, and the first, which it is held against. */
  readonly policies: readonly [string, string];
  readonly neutral?: number;
  readonly step?: number;
  readonly recipe?: string;
}

/**
 * How sure the order of policies is, and on what it depends, as lines of CSV (RFC 4180, without line ends): a figure a line. `order`: the sign test of each pair
 * and probability; `break-even`: where both cost the same; `dependence`: what the saving is if a drawn group is neutral, and if it propagates. What there is not is
 * empty.
 */
export function* formatConfidenceCsv(run: SweepRun): Generator<string> {
  const { unit, pairs, tornado } = confidenceOf(run);
  yield "part,policy,against,neutral,step,recipe,figure,value";
  for (const { policies, points, breakEven } of pairs) {
    for (const { neutral, saved, wins, ties, p, needed } of points) {
      const figures = {
        [`saved_median_${unit}`]: saved.median,
        [`saved_low_${unit}`]: saved.low,
        [`saved_high_${unit}`]: saved.high,
        ...{ wins, ties, p, needed },
      };
      yield* rowsOf({ part: "order", policies, neutral }, figures);
    }
    for (const { neutral, low, high } of breakEven)
      yield* rowsOf({ part: "break-even", policies }, { neutral, low, high });
  }
  for (const { neutral, policies, groups, chance } of tornado) {
    yield* rowsOf({ part: "dependence", policies, neutral }, { [`chance_${unit}`]: chance });
    for (const { step, recipe, changes, ifNeutral, ifPropagating } of groups) {
      const figures = { changes, [`if_neutral_${unit}`]: ifNeutral, [`if_propagating_${unit}`]: ifPropagating };
      yield* rowsOf({ part: "dependence", policies, neutral, step, recipe }, figures);
    }
  }
}

function* rowsOf(
  { part, policies: [against, policy], neutral, step, recipe }: Subject,
  figures: Readonly<Record<string, number | null>>,
): Generator<string> {
  for (const [figure, value] of Object.entries(figures)) {
    // A probability may be far below a thousandth, to which others are rounded.
    const shown = value === null ? "" : figure === "p" ? value.toPrecision(3) : rounded(value);
    yield [
      part,
      quoted(policy),
      quoted(against),
      neutral ?? "",
      step ?? "",
      quoted(recipe ?? ""),
      figure,
      shown,
    ].join();
  }
}

/** A plug-in's name is its path, which may hold anything. */
function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
