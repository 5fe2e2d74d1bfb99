import type { AnswerDocument } from "../documents/index.ts";
import type { Cost } from "../report/cost.ts";
import { rounded } from "../report/figures.ts";
import { groundsOf, historyDocument, settingDocument } from "../report/replay-report.ts";
import { ANSWER_FORMAT, ANSWER_NOTES, type Answer } from "./answer.ts";
import { buildsOf } from "./frontier.ts";
import { LEVERAGE_NOTES, type Leverage, type Saving } from "./leverage.ts";

/** The answer as plain data, for `--json` (`depid-answer/1`, see docs/formats.md). */
export function answerDocument({ report, frontier, leverage, advice }: Answer): AnswerDocument {
  return {
    format: ANSWER_FORMAT,
    history: historyDocument(report),
    setting: settingDocument(report),
    builds: buildsOf(report.result),
    frontier: frontier.map(({ policy, role, cost, saved, needless, stale, traffic, dominatedBy }) => ({
      policy,
      role,
      cost: describeCost(cost),
      saved: saved === undefined ? null : describeCost(saved),
      needless: describeCost(needless),
      stale,
      traffic,
      dominated_by: dominatedBy,
    })),
    leverage: leverage === undefined ? null : describeLeverage(leverage),
    advice: advice.map(({ about, sentence, figures, overturned }) => ({
      about,
      sentence,
      figures: Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, rounded(figure)])),
      overturned,
    })),
    notes: [...ANSWER_NOTES, ...(leverage === undefined ? [] : LEVERAGE_NOTES), ...groundsOf(report)],
  };
}

function describeLeverage({ rows, together, selfNaming, left }: Leverage) {
  return {
    recipes: rows.map(({ saved, ...row }) => ({ ...row, saved: saved.map(describeSaving) })),
    together: together.map(describeSaving),
    self_naming: selfNaming.map(describeSaving),
    left,
  };
}

function describeSaving({ policy, saved }: Saving) {
  return { policy, ...describeCost(saved) };
}

function describeCost({ tasks, seconds }: Cost) {
  return { tasks, seconds: seconds === undefined ? null : rounded(seconds) };
}
