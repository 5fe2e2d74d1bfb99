import { wholeNumber } from "@depid/command-line/flags";
import { type Command, Option } from "commander";
import type { DiffFlags } from "./diff.ts";
import { withDurationFlags } from "./duration-flags.ts";
import { configPair } from "./flags.ts";
import type { Shutdown } from "./shutdown.ts";

/** `depid diff`: which signatures differ between two builds, by root cause. Exit status 1 when any does. */
export function addDiffFlags(command: Command, shutdown: Shutdown): void {
  withDurationFlags(command)
    .argument("<A>", "a build: capture, HISTORY@STEP, folder or files of sigdata, build directory")
    .argument("<B>", "the build to compare with it")
    .addOption(new Option("--task <pattern>", "only tasks whose pn:task matches this shell pattern"))
    .addOption(
      new Option(
        "--multiconfig <A=B>",
        "multiconfig of A and that of B to compare, such as arm=x86; default is the one without a name",
      ).argParser(configPair),
    )
    .addOption(new Option("--limit <n>", "causes shown").argParser(wholeNumber(0)).default(20))
    .addOption(new Option("--lines <n>", "lines shown of each diff").argParser(wholeNumber(0)).default(20))
    .addOption(
      new Option("--workers <n>", "with --durations: tasks that run at a time").argParser(wholeNumber(1)).default(4),
    )
    .addOption(new Option("--markdown", "a summary for a merge request").conflicts("json"))
    .addOption(new Option("--json", "one JSON document on stdout, everything in it"))
    .action(async (before: string, after: string, flags: DiffFlags) =>
      (await import("./diff.ts")).diff(before, after, flags, shutdown),
    );
}
