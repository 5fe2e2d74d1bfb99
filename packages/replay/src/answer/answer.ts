import { TRAFFIC_DEFINITIONS, trafficNames } from "../measure/traffic.ts";
import type { ReplayReport } from "../report/replay-report.ts";
import { type Advice, adviceOf } from "./advice.ts";
import { FRONTIER_NOTES, type FrontierPoint, frontierOf } from "./frontier.ts";

/** What a replay comes to for who has to choose. */
export interface Answer {
  readonly report: ReplayReport;
  readonly frontier: readonly FrontierPoint[];
  readonly advice: readonly Advice[];
}

export const ANSWER_FORMAT = "depid-answer/1";

/** What the words of an answer mean. */
export const ANSWER_NOTES: readonly string[] = [
  ...FRONTIER_NOTES,
  ...trafficNames.map((name) => `${name}: ${TRAFFIC_DEFINITIONS[name]}`),
];

/** Draws the conclusions of a replay. */
export function answerOf(report: ReplayReport): Answer {
  const frontier = frontierOf(report);
  return { report, frontier, advice: adviceOf(report, frontier) };
}
