import type { Progress } from "@depid/command-line/progress";
import { assumptionsOf, formatReplay, replayDocument } from "@depid/replay";
import type { FatesFile } from "./fates-file.ts";
import { LAX } from "./outcomes/resolve-outcomes.ts";
import { type MeasureFlags, openReplay } from "./replay/measure-replay.ts";
import type { PreparedReplay } from "./replay/prepare-replay.ts";
import { settleScenario } from "./scenario.ts";
import type { Shutdown } from "./shutdown.ts";

export interface ReplayFlags extends MeasureFlags {
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
  isGiven: (flag: string) => boolean,
  progress: Progress,
  shutdown: Shutdown,
): Promise<void> {
  const { flags, report: scenario } = await settleScenario(file, given, isGiven);
  const opened = await openReplay(file, flags, progress, shutdown);
  const { isLax } = opened.prepared.outcomes;
  const fates = flags.tasks === undefined ? undefined : await openFates(flags.tasks, file, opened.prepared);
  try {
    const hears = fates !== undefined || scenario !== undefined;
    const report = await opened.measure(
      hears
        ? async (of) => {
            scenario?.add(of);
            await fates?.add(of.rows);
          }
        : undefined,
    );
    await fates?.end();
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
    await opened.close();
  }
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
