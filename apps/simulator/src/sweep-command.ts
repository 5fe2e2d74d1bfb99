import { decimal, list, repeated, wholeNumber } from "@depid/command-line/flags";
import { type Command, InvalidArgumentError, Option } from "commander";
import { withDurationFlags } from "./duration-flags.ts";
import { withSourceFlags } from "./outcome-flags.ts";
import { withPolicyFlags } from "./policy-flags.ts";
import { withReleaseFlag } from "./release-flag.ts";
import type { Shutdown } from "./shutdown.ts";
import type { SweepFlags } from "./sweep.ts";
import { withQueueFlags } from "./worker-command.ts";

/** `depid sweep`: many replays with drawn outcomes and durations. */
export function addSweepFlags(command: Command, shutdown: Shutdown): void {
  withPolicyFlags(command.argument("<history>", "file in the format depid-history/1, gzip or plain"))
    .addOption(new Option("--samples <n>", "how many").argParser(wholeNumber(1)).default(100))
    .addOption(new Option("--seed <n>", "decides what is drawn").argParser(wholeNumber(0)).default(0))
    .addOption(
      new Option("--neutral <p,q>", "probabilities that a change is neutral of which --outcomes knows nothing")
        .argParser(probabilities)
        .default([0.5], "0.5"),
    )
    .addOption(
      new Option("--spread <s>", "how far durations stray: the standard deviation of their logarithm")
        .argParser(decimal(0, 10))
        .default(0.3),
    )
    .addOption(
      new Option("--unsure <how>", "whether labels marked unsure decide, or what they speak of is drawn")
        .choices(["kept", "drawn"])
        .default("kept"),
    )
    .addOption(new Option("--server <address>", "hash equivalence server; auto starts one").default("auto"))
    .addOption(
      new Option("--builder <kind>", "build directory of each step").choices(["fresh", "persistent"]).default("fresh"),
    )
    .addOption(
      new Option("--topology <file>", "who builds, with which servers and caches; in place of --builder").conflicts(
        "builder",
      ),
    )
    .addOption(
      new Option(
        "--sizes <files>",
        "how large sstate objects are: tables of import sstate, or one size for all, as an estimate, such as 2MB",
      ).argParser(repeated((text) => text)),
    )
    .addOption(new Option("--workers <n>", "tasks that run at a time").argParser(wholeNumber(1)).default(4));
  withReleaseFlag(withSourceFlags(command, "drawn", "drawn"));
  withQueueFlags(withDurationFlags(command))
    .addOption(
      new Option("--jobs <n>", "samples that are replayed at a time; default: a processor each").argParser(
        wholeNumber(1),
      ),
    )
    .addOption(new Option("--shard <i/n>", "every n-th sample, from the i-th: a part for depid merge").argParser(shard))
    .addOption(
      new Option(
        "--batch <n>",
        "samples in one job of the queue; default: so many that there are at most 500",
      ).argParser(wholeNumber(1)),
    )
    .addOption(new Option("-o, --output <file>", "where the part goes; default: stdout"))
    .addOption(new Option("--csv <file>", "write what each sample measured, as CSV; .gz: gzip"))
    .addOption(
      new Option("--confidence-csv <file>", "write how sure the order of policies is, and on what it depends, as CSV"),
    )
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (file: string, flags: SweepFlags) => (await import("./sweep.ts")).sweep(file, flags, shutdown));
}

function probabilities(text: string): readonly number[] {
  const all = list(text).map(decimal(0, 1));
  if (new Set(all).size < all.length) throw new InvalidArgumentError("expected each number once");
  return all;
}

function shard(text: string): { readonly place: number; readonly of: number } {
  const [, place = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (place < 1 || place > of) throw new InvalidArgumentError("expected i/n, with i from 1 to n, such as 2/8");
  return { place, of };
}
