import { decimal, wholeNumber } from "@depid/command-line/flags";
import { type Command, Option } from "commander";
import { withDurationFlags } from "./duration-flags.ts";
import { withOutcomeFlags } from "./outcome-flags.ts";
import { withPolicyOptionsFlag } from "./policy-flags.ts";
import { withReleaseFlag } from "./release-flag.ts";
import type { Shutdown } from "./shutdown.ts";
import type { VerifyFlags } from "./verify.ts";

/** `depid verify`: what a history predicts, held against what BitBake really ran. */
export function addVerifyFlags(command: Command, shutdown: Shutdown): void {
  withReleaseFlag(withOutcomeFlags(withDurationFlags(command)))
    .argument("<history>", "file in the format depid-history/1, gzip or plain")
    .argument(
      "<builds...>",
      "[STEP=]PATH of what tells of a build: a buildstats folder, a console log, BitBake's event log, meta-depid's build log, lists of tids",
    )
    .addOption(new Option("--policy <name>", "default: as the history's handler"));
  withPolicyOptionsFlag(command)
    .addOption(new Option("--server <address>", "hash equivalence server; auto starts one").default("auto"))
    .addOption(
      new Option("--builder <kind>", "build directory of each step").choices(["fresh", "persistent"]).default("fresh"),
    )
    .addOption(new Option("--workers <n>", "BB_NUMBER_THREADS").argParser(wholeNumber(1)).default(4))
    .addOption(new Option("--seed <n>", "decides what is random").argParser(wholeNumber(0)).default(0))
    .addOption(
      new Option("--samples <n>", "builds each step so often again, varied").argParser(wholeNumber(0)).default(8),
    )
    .addOption(new Option("--spread <n>", "how far durations stray in these").argParser(decimal(0, 10)).default(0.3))
    .addOption(
      new Option("--only-recorded", "steps without a recording were not built: what they change comes with the next"),
    )
    .addOption(
      new Option("--at-least <share>", "exit 1 if precision or recall, of executed or restored, is less").argParser(
        decimal(0, 1),
      ),
    )
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (file: string, builds: string[], flags: VerifyFlags) =>
      (await import("./verify.ts")).verify(file, builds, flags, shutdown),
    );
}
