import type { Progress } from "@depid/command-line/progress";
import {
  assumptionsOf,
  describeDurations,
  formatReplay,
  type ReplayReport,
  replayDocument,
  type Sensitivity,
} from "@depid/replay";
import type { FatesFile } from "./fates-file.ts";
import { LAX } from "./outcomes/resolve-outcomes.ts";
import { chainsAround } from "./outcomes.ts";
import { chooseJobs } from "./replay/choose-jobs.ts";
import { type InputFlags, type PreparedReplay, prepareReplay } from "./replay/prepare-replay.ts";
import { ReplayTeam } from "./replay/replay-team.ts";
import { replayStep } from "./replay-step.ts";
import { settleScenario } from "./scenario.ts";
import { openServer } from "./service.ts";
import type { Shutdown } from "./shutdown.ts";

export interface ReplayFlags extends InputFlags {
  readonly server: string;
  readonly jobs?: number;
  readonly sensitivity?: true;
  readonly steps?: true;
  readonly tasks?: string;
  readonly failOnStale?: true;
  readonly json?: true;
}

/** Exit status when something stale was reused and `--fail-on-stale` was asked for. */
const STALE = 1;
/** Exit status when a scenario went otherwise than it says. */
const NOT_AS_EXPECTED = 1;

/**
 * Replays a history, or a scenario, and prints the report. Exit status 1 where `--strict` or `--fail-on-stale` was asked for and does not hold, or what a
 * scenario says of itself.
 *
 * @param isGiven whether a flag was on the command line
 */
export async function replay(
  file: string,
  given: ReplayFlags,
  isGiven: (flag: keyof InputFlags) => boolean,
  progress: Progress,
  shutdown: Shutdown,
): Promise<void> {
  const { flags, report: scenario } = await settleScenario(file, given, isGiven);
  const prepared = await prepareReplay(file, flags, shutdown);
  const { history, durations } = prepared;
  const { outcomes, accountFor, isLax } = prepared.outcomes;
  const models = flags.sensitivity === true ? chainsAround(outcomes) : [];
  const jobs = scenario === undefined ? await chooseJobs(flags.jobs, file) : (flags.jobs ?? 1);
  const server = await openServer(flags.server, shutdown);
  const team = new ReplayTeam(file, flags, prepared, server, jobs, shutdown);
  const fates = flags.tasks === undefined ? undefined : await openFates(flags.tasks, file, prepared);
  try {
    const { chain, needless, unsound, ...result } = await team.replay({
      onProgress: (it) => progress.update(replayStep("replay", it)),
      ...(fates === undefined && scenario === undefined
        ? {}
        : {
            async onFates(of) {
              scenario?.add(of);
              await fates?.add(of.rows);
            },
          }),
    });
    await fates?.end();
    const sensitivity: Sensitivity[number][] = [];
    for (const { model, definition } of models) {
      const turnsUnsure = model.includes("unsure");
      const other =
        definition === outcomes.name
          ? result
          : await team.replay({
              model,
              onProgress: (it) => progress.update(replayStep(`replay, outcomes ${model}`, it)),
            });
      sensitivity.push({ model, definition, turnsUnsure, result: other });
    }
    const { builder, workers, seed } = flags;
    const report: ReplayReport = {
      source: file,
      history,
      setting: { builder, outcomes: outcomes.name, workers, seed },
      result,
      account: accountFor(chain, result.decisions),
      needless,
      unsound,
      ...(durations === undefined ? {} : { durations: describeDurations(durations, history) }),
      ...(flags.sensitivity === true ? { sensitivity } : {}),
    };
    progress.end();
    process.stdout.write(
      flags.json === true
        ? `${JSON.stringify({ ...replayDocument(report), ...(scenario && { scenario: scenario.document }) }, null, 2)}\n`
        : `${scenario === undefined ? "" : `${scenario.text}\n\n`}${formatReplay(report, { steps: flags.steps === true })}\n`,
    );
    if (isLax(report.account)) process.exitCode = LAX;
    if (scenario?.checked.some(({ holds }) => !holds)) process.exitCode = NOT_AS_EXPECTED;
    if (flags.failOnStale === true && report.unsound.length > 0) process.exitCode = STALE;
  } catch (error) {
    await fates?.abort(error);
    throw error;
  } finally {
    progress.end();
    await team.close();
  }
}

async function openFates(file: string, source: string, { history, durations }: PreparedReplay): Promise<FatesFile> {
  const { openFatesFile } = await import("./fates-file.ts");
  const unknown = [
    ...(durations === undefined ? ["how long tasks take: no durations were given"] : []),
    ...(durations?.measured.setscene === 0 ? ["how long restoring takes: the durations have no setscene task"] : []),
  ];
  return openFatesFile(file, source, { unknown, assumed: assumptionsOf(history) });
}
