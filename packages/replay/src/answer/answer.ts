import { TRAFFIC_DEFINITIONS, trafficNames } from "../measure/traffic.ts";
import type { ReplayReport } from "../report/replay-report.ts";
import { type Advice, adviceOf } from "./advice.ts";
import { FRONTIER_NOTES, type FrontierPoint, frontierOf } from "./frontier.ts";
import type { Leverage } from "./leverage.ts";

/** What a replay comes to for who has to choose. */
export interface Answer {
  readonly report: ReplayReport;
  readonly frontier: readonly FrontierPoint[];
  /** If it was asked for. */
  readonly leverage?: Leverage;
  readonly advice: readonly Advice[];
}

export const ANSWER_FORMAT = "depid-answer/1";

/** What the words of an answer mean. */
export const ANSWER_NOTES: readonly string[] = [
  ...FRONTIER_NOTES,
  ...trafficNames.map((name) => `${name}: ${TRAFFIC_DEFINITIONS[name]}`),
];

/** Draws the conclusions of a replay. @param leverage what stable outputs would save */
export function answerOf(report: ReplayReport, leverage?: Leverage): Answer {
  const frontier = frontierOf(report);
  return {
    report,
    frontier,
    ...(leverage === undefined ? {} : { leverage }),
    advice: adviceOf(report, frontier, leverage),
  };
}
