import { openProgress } from "@depid/command-line/progress";
import { inOrderOf, type SampleRow, type Shard, SWEEP_PART_FORMAT, type SweepRun, unitsOf } from "@depid/replay";
import { checkOutput, writeLines } from "@depid/task-graph/fs";
import { OptionError } from "./outcomes/errors.ts";
import type { Shutdown } from "./shutdown.ts";
import { type PlanFlags, planSweep } from "./sweep/plan-sweep.ts";
import { type PrintFlags, printSweep } from "./sweep/print-sweep.ts";
import { openSampleThreads, runSamples } from "./sweep/run-samples.ts";

export interface SweepFlags extends PlanFlags, PrintFlags {
  readonly server: string;
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly output?: string;
}

/** Replays a history many times, each with other draws, and prints between which bounds the figures are; or writes a part of that. */
export async function sweep(file: string, flags: SweepFlags, shutdown: Shutdown): Promise<void> {
  checkFlags(flags);
  for (const output of [flags.output, flags.csv]) if (output !== undefined) await checkOutput(output);
  const plan = await planSweep(file, flags, shutdown);
  const shard = flags.shard ?? { place: 1, of: 1 };
  const units = unitsOf(plan.setting, shard);
  const { server } = flags;
  const threads = await openSampleThreads(
    () => ({ file, flags: inputsOf(flags), server }),
    flags.jobs,
    units.length,
    shutdown,
  );
  const progress = await openProgress();
  const rows: SampleRow[] = [];
  try {
    progress.update({ things: "replays", done: 0, total: units.length });
    await runSamples(units, threads, (row) => {
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

function checkFlags({ shard, output, json, csv, samples }: SweepFlags): void {
  if (shard === undefined && output !== undefined) {
    throw new OptionError("--output: is for a part, with --shard; the report goes to stdout");
  }
  if (shard === undefined) return;
  if (json === true || csv !== undefined) {
    throw new OptionError(
      `--shard: a part has no report: expected ${json === true ? "--json" : "--csv"} with depid merge`,
    );
  }
  if (shard.of > samples) {
    throw new OptionError(
      `--shard: expected at most as many parts as samples, which are ${samples}, found ${shard.of}`,
    );
  }
}

/** What threads need of the flags, as plain data. */
function inputsOf(flags: SweepFlags): PlanFlags {
  const { shard, output, json, csv, jobs, server, ...inputs } = flags;
  return inputs;
}
