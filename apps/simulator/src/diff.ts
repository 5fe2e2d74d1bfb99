import {
  type Comparison,
  type ConfigMatch,
  compareCaptures,
  costOf,
  type DiffCost,
  type DiffReport,
  diffDocument,
  formatDiff,
  formatMarkdown,
  selectTasks,
  TaskNotFoundError,
} from "@depid/compare";
import { type Durations, DurationsError } from "@depid/durations";
import { closestNames } from "@depid/hash";
import { compileShellPattern } from "@depid/sstate";
import { type DurationFlags, readDurations } from "./duration-flags.ts";
import { readBuilds } from "./read-builds.ts";
import type { Shutdown } from "./shutdown.ts";

export interface DiffFlags extends DurationFlags {
  readonly workers: number;
  readonly task?: string;
  readonly multiconfig?: ConfigMatch;
  readonly limit: number;
  readonly lines: number;
  readonly markdown?: true;
  readonly json?: true;
}

/** Compares two builds and prints what differs. Exit status 1 when any signature does. */
export async function diff(before: string, after: string, flags: DiffFlags, { signal }: Shutdown): Promise<void> {
  const { task: selection, limit, lines } = flags;
  const durations = await readDurations(flags); // first: a mistake here need not wait for the builds
  const [old, young] = await readBuilds(before, after, signal);
  const all = compareCaptures(old, young, { multiconfig: flags.multiconfig });
  const pattern = selection === undefined ? undefined : compileShellPattern(selection);
  const comparison = pattern === undefined ? all : selectTasks(all, (name) => pattern.test(name));
  if (pattern !== undefined && comparison.common + comparison.added.length + comparison.removed.length === 0) {
    throw new TaskNotFoundError(
      selection ?? "",
      "the pattern matches no task of either build",
      closestNames(all.pairing.pairs.keys(), selection ?? ""),
    );
  }
  const report: DiffReport = {
    before,
    after,
    comparison,
    limit,
    lines,
    ...(durations === undefined ? {} : { cost: costWith(comparison, durations, flags.workers) }),
    ...(selection === undefined ? {} : { selection }),
  };
  process.stdout.write(`${formatReport(report, flags)}\n`);
  const { changed, added, removed, relocked } = comparison;
  if (changed.length + added.length + removed.length + relocked.length > 0) process.exitCode = 1;
}

/** @throws {DurationsError} when nothing but restoring was measured */
function costWith(comparison: Comparison, durations: Durations, workers: number): DiffCost {
  if (durations.measured.real === 0)
    throw new DurationsError(
      durations.names.join(", "),
      0,
      "expected tasks that were executed, found restored ones only",
    );
  return costOf(comparison, durations, workers);
}

function formatReport(report: DiffReport, { json, markdown }: DiffFlags): string {
  if (json === true) return JSON.stringify(diffDocument(report), null, 2);
  return markdown === true ? formatMarkdown(report) : formatDiff(report);
}
