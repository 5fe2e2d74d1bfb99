import type { Progress } from "@depid/command-line/progress";
import { assumptionsOf, formatReplay, replayDocument } from "@depid/replay";
import type { Execution } from "./execute/open-execution.ts";
import type { FatesFile } from "./fates-file.ts";
import { LAX } from "./outcomes/resolve-outcomes.ts";
import { type MeasureFlags, openReplay } from "./replay/measure-replay.ts";
import type { PreparedReplay } from "./replay/prepare-replay.ts";
import type { BuildFates } from "./replay/replay-part.ts";
import type { RunListener } from "./run-file.ts";
import { type ScenarioReport, settleScenario } from "./scenario.ts";
import type { Shutdown } from "./shutdown.ts";

export interface ReplayFlags extends MeasureFlags {
  readonly steps?: true;
  readonly tasks?: string;
  readonly html?: string;
  readonly record?: string;
  readonly failOnStale?: true;
  readonly json?: true;
}

/** Exit status when something stale was reused and `--fail-on-stale` was asked for. */
const STALE = 1;
/** Exit status when a scenario went otherwise than it says. */
const NOT_AS_EXPECTED = 1;
/** Exit status when what commands made is not what the replay says of it. */
const NOT_AS_REPLAYED = 1;

/**
 * Replays a history, or a scenario, and prints the report. Exit status 1 where `--strict` or `--fail-on-stale` was asked for and does not hold, or what a
 * scenario says of itself.
 *
 * @param isGiven whether a flag was on the command line
 */
export async function replay(
  file: string,
  given: ReplayFlags,
  isGiven: (flag: string) => boolean,
  progress: Progress,
  shutdown: Shutdown,
): Promise<void> {
  const { flags, report: scenario } = await settleScenario(file, given, isGiven);
  const run = await openRunFiles(flags);
  const opened = await openReplay(file, flags, progress, shutdown);
  const { isLax } = opened.prepared.outcomes;
  const fates = flags.tasks === undefined ? undefined : await openFates(flags.tasks, file, opened.prepared);
  try {
    const hears = fates !== undefined || scenario !== undefined || run !== undefined;
    const onFates = async (build: BuildFates) => {
      scenario?.add(build);
      run?.add(build);
      await fates?.add(build.rows);
    };
    const report = await opened.measure(hears ? { onFates, records: run !== undefined } : undefined);
    await fates?.end();
    await run?.write(report);
    progress.end();
    const { execution } = opened.prepared;
    const executed = execution?.builds.account;
    const told = scenario && (await describeScenario(scenario, execution));
    process.stdout.write(
      flags.json === true
        ? `${JSON.stringify({ ...replayDocument(report), ...(told && { scenario: told.document }) }, null, 2)}\n`
        : `${told === undefined ? "" : `${told.text}\n\n`}${formatReplay(report, { steps: flags.steps === true })}\n`,
    );
    if (isLax(report.account)) process.exitCode = LAX;
    if (scenario?.checked.some(({ holds }) => !holds)) process.exitCode = NOT_AS_EXPECTED;
    if ((executed?.differences.length ?? 0) > 0) process.exitCode = NOT_AS_REPLAYED;
    if (flags.failOnStale === true && report.unsound.length > 0) process.exitCode = STALE;
  } catch (error) {
    await fates?.abort(error);
    throw error;
  } finally {
    progress.end();
    await opened.close();
  }
}

/** What a replay tells of a scenario, and of its commands if they were run. */
async function describeScenario(scenario: ScenarioReport, execution: Execution | undefined) {
  if (execution === undefined) return scenario;
  const { executionDocument, formatExecution } = await import("./execute/format-execution.ts");
  const { builds, cutsNetwork } = execution;
  const { text, document } = scenario;
  return {
    text: `${text}\n\n${formatExecution(builds.account, cutsNetwork)}`,
    document: { ...document, execution: executionDocument(builds.account, cutsNetwork) },
  };
}

/** @returns `undefined` if none was asked for */
async function openRunFiles({ html, record }: ReplayFlags): Promise<RunListener | undefined> {
  if (html === undefined && record === undefined) return undefined;
  return (await import("./run-file.ts")).openRun({ html, record });
}

async function openFates(
  file: string,
  source: string,
  { history, durations, options }: PreparedReplay,
): Promise<FatesFile> {
  const { openFatesFile } = await import("./fates-file.ts");
  const unknown = [
    ...(durations === undefined ? ["how long tasks take: no durations were given"] : []),
    ...(durations?.measured.setscene === 0 ? ["how long restoring takes: the durations have no setscene task"] : []),
  ];
  return openFatesFile(
    file,
    source,
    { unknown, assumed: assumptionsOf(history, options.irreproducible) },
    options.topology !== undefined,
  );
}
