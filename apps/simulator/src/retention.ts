import type { Progress } from "@depid/command-line/progress";
import {
  assumptionsOf,
  describeDurations,
  durationSentences,
  formatRetention,
  formatRetentionCsv,
  measureRetention,
  type RetentionCost,
  type RetentionReport,
  type RetentionVariant,
  retentionDocument,
} from "@depid/replay";
import { checkOutput, writeLines } from "@depid/task-graph/fs";
import { chooseJobs } from "./replay/choose-jobs.ts";
import { type InputFlags, prepareReplay } from "./replay/prepare-replay.ts";
import { replayStep } from "./replay-step.ts";
import { openRetentionThreads } from "./retention/replay-in-threads.ts";
import { replayPrepared, sizesIn } from "./retention/replay-prepared.ts";
import { openServer } from "./service.ts";
import type { Shutdown } from "./shutdown.ts";

export interface RetentionFlags extends InputFlags {
  readonly server: string;
  readonly bytes?: readonly number[];
  readonly ages?: readonly number[];
  readonly jobs?: number;
  readonly csv?: string;
  readonly json?: true;
}

/** Replays a history with caches pruned by all rules, and prints what keeping less costs. */
export async function retention(
  file: string,
  flags: RetentionFlags,
  progress: Progress,
  shutdown: Shutdown,
): Promise<void> {
  const { bytes, ages, csv, json, builder, topology, workers, seed } = flags;
  if (csv !== undefined) await checkOutput(csv);
  const prepared = await prepareReplay(file, flags, shutdown);
  const { history, policies, durations, outcomes, options } = prepared;
  const sizes = sizesIn(prepared);
  const jobs = await chooseJobs(flags.jobs, file);
  const { service, address } = await openServer(flags.server, shutdown);
  const threads = jobs === 1 ? undefined : await openRetentionThreads(jobs, { file, flags, server: address }, shutdown);
  const replay = (variants: readonly RetentionVariant[]): Promise<readonly RetentionCost[]> => {
    if (threads !== undefined)
      return threads.replay(variants, (done) => progress.update({ things: "limits", done, total: variants.length }));
    return replayPrepared(prepared, variants, {
      service,
      signal: shutdown.signal,
      async onProgress(it) {
        progress.update(replayStep("retention", it));
        await shutdown.takeTurn();
      },
    });
  };
  const names = policies.map(({ name }) => name);
  const limits = { ...(bytes && { bytes }), ...(ages && { steps: ages }) };
  const curves = await measureRetention(names, history.steps.length, limits, replay).finally(() => threads?.close());
  const report: RetentionReport = {
    source: file,
    steps: history.steps.length,
    setting: {
      builder,
      ...(topology === undefined ? {} : { topology }),
      outcomes: outcomes.outcomes.name,
      workers,
      seed,
    },
    curves,
    grounds: [
      sizes.describe(history),
      ...durationSentences(durations && describeDurations(durations, history)),
      ...assumptionsOf(history, options.irreproducible),
    ],
  };
  progress.end();
  if (csv !== undefined) await writeLines(csv, formatRetentionCsv(report));
  process.stdout.write(
    `${json === true ? JSON.stringify(retentionDocument(report), null, 2) : formatRetention(report)}\n`,
  );
}
