import type { Progress } from "@depid/command-line/progress";
import { assumptionsOf, formatReplay, replayDocument } from "@depid/replay";
import type { FatesFile } from "./fates-file.ts";
import { LAX } from "./outcomes/resolve-outcomes.ts";
import { type MeasureFlags, openReplay } from "./replay/measure-replay.ts";
import type { PreparedReplay } from "./replay/prepare-replay.ts";
import type { Shutdown } from "./shutdown.ts";

export interface ReplayFlags extends MeasureFlags {
  readonly steps?: true;
  readonly tasks?: string;
  readonly failOnStale?: true;
  readonly json?: true;
}

/** Exit status when something stale was reused and `--fail-on-stale` was asked for. */
const STALE = 1;

/** Replays a history and prints the report. Exit status 1 where `--strict` or `--fail-on-stale` was asked for and does not hold. */
export async function replay(file: string, flags: ReplayFlags, progress: Progress, shutdown: Shutdown): Promise<void> {
  const opened = await openReplay(file, flags, progress, shutdown);
  const { isLax } = opened.prepared.outcomes;
  const fates = flags.tasks === undefined ? undefined : await openFates(flags.tasks, file, opened.prepared);
  try {
    const report = await opened.measure(fates && (({ rows }) => fates.add(rows)));
    await fates?.end();
    progress.end();
    process.stdout.write(
      flags.json === true
        ? `${JSON.stringify(replayDocument(report), null, 2)}\n`
        : `${formatReplay(report, { steps: flags.steps === true })}\n`,
    );
    if (isLax(report.account)) process.exitCode = LAX;
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
  return openFatesFile(file, source, { unknown, assumed: assumptionsOf(history) }, options.topology !== undefined);
}
