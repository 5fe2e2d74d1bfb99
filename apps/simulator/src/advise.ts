import type { Progress } from "@depid/command-line/progress";
import { answerDocument, answerOf, formatAnswer, formatAnswerCsv } from "@depid/replay";
import { checkOutput, writeLines } from "@depid/task-graph/fs";
import { LAX } from "./outcomes/resolve-outcomes.ts";
import { type MeasureFlags, openReplay } from "./replay/measure-replay.ts";
import { settleScenario } from "./scenario.ts";
import type { Shutdown } from "./shutdown.ts";

export interface AdviseFlags extends MeasureFlags {
  readonly leverage?: number;
  readonly csv?: string;
  readonly json?: true;
}

/**
 * Replays a history, or a scenario, and prints what follows from it for who has to choose. Exit status 1 where `--strict` was asked for and does not hold.
 *
 * @param isGiven whether a flag was on the command line
 */
export async function advise(
  file: string,
  given: AdviseFlags,
  isGiven: (flag: string) => boolean,
  progress: Progress,
  shutdown: Shutdown,
): Promise<void> {
  const { flags } = await settleScenario(file, given, isGiven);
  const { csv, json } = flags;
  if (csv !== undefined) await checkOutput(csv);
  const opened = await openReplay(file, flags, progress, shutdown);
  try {
    const report = await opened.measure();
    const answer = answerOf(report, flags.leverage === undefined ? undefined : await opened.leverage(flags.leverage));
    progress.end();
    if (csv !== undefined) await writeLines(csv, formatAnswerCsv(answer));
    process.stdout.write(`${json === true ? JSON.stringify(answerDocument(answer), null, 2) : formatAnswer(answer)}\n`);
    if (opened.prepared.outcomes.isLax(report.account)) process.exitCode = LAX;
  } finally {
    progress.end();
    await opened.close();
  }
}
