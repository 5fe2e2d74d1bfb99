import type { PredictionDocument } from "../documents/index.ts";
import { rounded } from "../report/figures.ts";
import { settingDocument } from "../report/replay-report.ts";
import type { PredictedCost } from "./predict-build.ts";
import { isAbove, PREDICTION_FORMAT, PREDICTION_NOTES, type PredictionReport, sentenceOf } from "./prediction.ts";

/** A prediction as plain data, for `--json` (`depid-prediction/1`, see docs/formats.md). */
export function predictionDocument(report: PredictionReport): PredictionDocument {
  const { base, head, inputs, recipes, added, removed, policies, failAbove, grounds } = report;
  return {
    format: PREDICTION_FORMAT,
    base,
    head,
    setting: settingDocument(report),
    inputs,
    sentence: sentenceOf(report),
    recipes,
    added,
    removed,
    policies: policies.map(({ policy, expected, least, most, stops }) => ({
      policy,
      expected: describeCost(expected),
      least: describeCost(least),
      most: describeCost(most),
      stops,
    })),
    limit: failAbove === undefined ? null : { hours: failAbove, above: isAbove(report) },
    notes: [...grounds, ...PREDICTION_NOTES],
  };
}

function describeCost({ executed, restored, seconds, wall }: PredictedCost) {
  return { executed, restored, seconds: orNull(seconds), wall: orNull(wall) };
}

function orNull(seconds: number | undefined): number | null {
  return seconds === undefined ? null : rounded(seconds);
}
