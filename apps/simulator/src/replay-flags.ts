import { wholeNumber } from "@depid/command-line/flags";
import { type Command, Option } from "commander";
import { withDurationFlags } from "./duration-flags.ts";
import { withOutcomeFlags } from "./outcome-flags.ts";
import { withPolicyFlags } from "./policy-flags.ts";
import { withReleaseFlag } from "./release-flag.ts";

/** The history and the flags of every command that replays one: what is replayed, against which server, in how many threads. */
export function withReplayFlags(command: Command): Command {
  withPolicyFlags(
    command.argument(
      "<history>",
      "file in the format depid-history/1, gzip or plain; or a scenario: a name or a .yaml file (depid scenarios)",
    ),
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
    .addOption(new Option("--workers <n>", "tasks that run at a time").argParser(wholeNumber(1)).default(4))
    .addOption(
      new Option(
        "--jobs <n>",
        "threads that share the policies; each follows the history by itself; default: 1",
      ).argParser(wholeNumber(1)),
    );
  withReleaseFlag(withOutcomeFlags(command));
  return withDurationFlags(command)
    .addOption(new Option("--seed <n>", "decides what is random in a build").argParser(wholeNumber(0)).default(0))
    .addOption(
      new Option("--sensitivity", "replay under other outcomes too: the range if unsure labels are wrong, and bounds"),
    );
}

/** Whether a flag was on the command line, rather than left as it is by default. */
export function isGivenTo(command: Command): (flag: string) => boolean {
  return (flag) => command.getOptionValueSource(flag) === "cli";
}
