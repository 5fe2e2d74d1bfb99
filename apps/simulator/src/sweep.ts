import { availableParallelism } from "node:os";
import { openProgress } from "@depid/command-line/progress";
import {
  inOrderOf,
  type SampleRow,
  type Shard,
  SWEEP_PART_FORMAT,
  type SweepPlan,
  type SweepRun,
  unitsOf,
} from "@depid/replay";
import { checkOutput, writeLines } from "@depid/task-graph/fs";
import { OptionError } from "./outcomes/errors.ts";
import type { Shutdown } from "./shutdown.ts";
import { type PlanFlags, planSweep } from "./sweep/plan-sweep.ts";
import { checkPrintFlags, type PrintFlags, printSweep } from "./sweep/print-sweep.ts";
import { openSampleThreads, runSamples } from "./sweep/run-samples.ts";
import type { QueueFlags } from "./worker.ts";

export interface SweepFlags extends PlanFlags, PrintFlags, QueueFlags {
  readonly server: string;
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly batch?: number;
  readonly output?: string;
}

/** Replays a history many times, each with other draws, and prints between which bounds the figures are; or writes a part of that. */
export async function sweep(file: string, flags: SweepFlags, shutdown: Shutdown): Promise<void> {
  checkFlags(flags);
  if (flags.output !== undefined) await checkOutput(flags.output);
  await checkPrintFlags(flags);
  const plan = await planSweep(file, flags, shutdown);
  if (flags.queue !== undefined) return printSweep(await sweepByQueue(plan, flags, flags.queue, shutdown), flags);
  const shard = flags.shard ?? { place: 1, of: 1 };
  const units = unitsOf(plan.setting, shard);
  const jobs = Math.min(flags.jobs ?? availableParallelism(), units.length);
  const threads = await openSampleThreads(jobs, shutdown);
  const progress = await openProgress();
  const rows: SampleRow[] = [];
  try {
    progress.update({ things: "replays", done: 0, total: units.length });
    await runSamples(units, { file, flags: inputsOf(flags), server: flags.server }, threads, (row) => {
      rows.push(row);
      progress.update({ things: "replays", done: rows.length, total: units.length });
    });
  } finally {
    progress.end();
    await threads.close();
  }
  const run: SweepRun = { ...plan, shard, samples: inOrderOf(plan.setting, rows) };
  if (flags.shard === undefined) return printSweep(run, flags);
  const part = JSON.stringify({ format: SWEEP_PART_FORMAT, ...run });
  if (flags.output === undefined) process.stdout.write(`${part}\n`);
  else await writeLines(flags.output, [part]);
}

/** The same by workers elsewhere. */
async function sweepByQueue(plan: SweepPlan, flags: SweepFlags, url: string, shutdown: Shutdown): Promise<SweepRun> {
  const [{ SweepQueue }, { leadSweep }, { openFolderStore }] = await Promise.all([
    import("./sweep/queue/sweep-queue.ts"),
    import("./sweep/queue/lead-sweep.ts"),
    import("./sweep/queue/input-store.ts"),
  ]);
  const progress = await openProgress();
  const queue = await SweepQueue.open(url, flags.lostAfter, (reason) => progress.note(`sweep: ${reason}`));
  shutdown.defer(() => queue.close());
  const store = flags.store === undefined ? queue.store : await openFolderStore(flags.store);
  const { server, batch } = flags;
  const led = { plan, flags: inputsOf(flags), server, ...(batch === undefined ? {} : { batch }) };
  return leadSweep(led, queue, store, progress, shutdown.signal).finally(() => progress.end());
}

function checkFlags(flags: SweepFlags): void {
  const { shard, output, samples, queue, store, batch, jobs } = flags;
  for (const [flag, value] of Object.entries({ store, batch })) {
    if (queue === undefined && value !== undefined) throw new OptionError(`--${flag}: is for workers, with --queue`);
  }
  for (const [flag, value] of Object.entries({ shard, jobs })) {
    if (queue !== undefined && value !== undefined) {
      throw new OptionError(
        `--${flag}: does not go with --queue: depid worker measures, as many samples at a time as its --jobs`,
      );
    }
  }
  if (shard === undefined && output !== undefined) {
    throw new OptionError("--output: is for a part, with --shard; the report goes to stdout");
  }
  if (shard === undefined) return;
  const ofReport = { json: flags.json, csv: flags.csv, "confidence-csv": flags.confidenceCsv };
  const [asked] = Object.entries(ofReport).flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
  if (asked !== undefined) throw new OptionError(`--shard: a part has no report: expected --${asked} with depid merge`);
  if (shard.of > samples) {
    throw new OptionError(
      `--shard: expected at most as many parts as samples, which are ${samples}, found ${shard.of}`,
    );
  }
}

/** What threads need of the flags, as plain data. */
function inputsOf(flags: SweepFlags): PlanFlags {
  const { shard, output, json, csv, confidenceCsv, jobs, server, queue, store, lostAfter, batch, ...inputs } = flags;
  return inputs;
}
