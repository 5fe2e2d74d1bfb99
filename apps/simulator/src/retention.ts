import { randomUUID } from "node:crypto";
import type { Progress } from "@depid/command-line/progress";
import {
  assumptionsOf,
  describeDurations,
  durationSentences,
  formatRetention,
  formatRetentionCsv,
  measureRetention,
  type RetentionReport,
  retentionDocument,
} from "@depid/replay";
import { checkOutput, writeLines } from "@depid/task-graph/fs";
import { OptionError } from "./outcomes/errors.ts";
import { createChain, type InputFlags, prepareReplay } from "./replay/prepare-replay.ts";
import { replayStep } from "./replay-step.ts";
import { openServer } from "./service.ts";
import type { Shutdown } from "./shutdown.ts";

export interface RetentionFlags extends InputFlags {
  readonly server: string;
  readonly bytes?: readonly number[];
  readonly ages?: readonly number[];
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
  const { history, policies, durations, sizes, outcomes, options } = prepared;
  if (sizes === undefined)
    throw new OptionError("--sizes: expected tables of import sstate, or one size for all as an estimate, found none");
  const { service } = await openServer(flags.server, shutdown);
  const { curves } = await measureRetention(history, {
    ...options,
    createOutcomes: () => createChain(outcomes, undefined),
    policies,
    service,
    namespace: `depid-retention:${randomUUID()}`,
    bytesOf: sizes.bytesOf,
    ...(bytes === undefined ? {} : { bytes }),
    ...(ages === undefined ? {} : { steps: ages }),
    signal: shutdown.signal,
    async onProgress(it) {
      progress.update(replayStep("retention", it));
      await shutdown.takeTurn();
    },
  });
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
