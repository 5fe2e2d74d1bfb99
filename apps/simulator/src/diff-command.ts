import {
  type Comparison,
  type ConfigMatch,
  closestNames,
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
import { compileShellPattern } from "@depid/sstate";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type DurationFlags, readDurations, withDurationFlags } from "./duration-flags.ts";
import { configNamed, wholeNumberFrom } from "./flags.ts";
import { readBuilds } from "./read-builds.ts";
import type { Shutdown } from "./shutdown.ts";

interface DiffFlags extends DurationFlags {
  readonly workers: number;
  readonly task?: string;
  readonly multiconfig?: ConfigMatch;
  readonly limit: number;
  readonly lines: number;
  readonly markdown?: true;
  readonly json?: true;
}

/** `depid diff`: which signatures differ between two builds, by root cause. Exit status 1 when any does. */
export function addDiffCommand(program: Command, shutdown: Shutdown): void {
  withDurationFlags(program.command("diff"))
    .description("which signatures differ between two builds, grouped by root cause")
    .argument("<A>", "a build: capture, HISTORY@STEP, folder or files of sigdata, build directory")
    .argument("<B>", "the build to compare with it")
    .addOption(new Option("--task <pattern>", "only tasks whose pn:task matches this shell pattern"))
    .addOption(
      new Option(
        "--multiconfig <A=B>",
        "multiconfig of A and that of B to compare, such as arm=x86; default is the one without a name",
      ).argParser(parseConfigMatch),
    )
    .addOption(new Option("--limit <n>", "causes shown").argParser(wholeNumberFrom(0)).default(20))
    .addOption(new Option("--lines <n>", "lines shown of each diff").argParser(wholeNumberFrom(0)).default(20))
    .addOption(
      new Option("--workers <n>", "with --durations: tasks that run at a time")
        .argParser(wholeNumberFrom(1))
        .default(4),
    )
    .addOption(new Option("--markdown", "a summary for a merge request").conflicts("json"))
    .addOption(new Option("--json", "one JSON document on stdout, everything in it"))
    .action((before: string, after: string, flags: DiffFlags) => diff(before, after, flags, shutdown));
}

async function diff(before: string, after: string, flags: DiffFlags, { signal }: Shutdown): Promise<void> {
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

/** Reads `A=B`; `default` is the configuration without a name. */
function parseConfigMatch(text: string): ConfigMatch {
  const [, before, after] = /^([\w.-]+)=([\w.-]+)$/.exec(text) ?? [];
  if (before === undefined || after === undefined) {
    throw new InvalidArgumentError("expected two multiconfigs as A=B; default is the one without a name");
  }
  return { before: configNamed(before), after: configNamed(after) };
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
