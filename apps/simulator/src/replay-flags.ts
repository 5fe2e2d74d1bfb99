import { repeated, wholeNumber } from "@depid/command-line/flags";
import { type Command, Option } from "commander";
import { withDurationFlags } from "./duration-flags.ts";
import { withOutcomeFlags } from "./outcome-flags.ts";
import { withPolicyFlags } from "./policy-flags.ts";
import { withReleaseFlag } from "./release-flag.ts";

/** The history and the flags of every command that replays one: what is replayed, and against which server. @param policies that are the default; all, if it is not said */
export function withInputFlags(command: Command, policies?: string): Command {
  withPolicyFlags(
    command.argument(
      "<history>",
      "file in the format depid-history/1, gzip or plain; or a scenario: a name or a .yaml file (depid scenarios)",
    ),
    policies,
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
        "--sizes <files>",
        "how large sstate objects are: tables of import sstate, or one size for all, as an estimate, such as 2MB",
      ).argParser(repeated((text) => text)),
    );
  withReleaseFlag(withOutcomeFlags(command));
  return withDurationFlags(command).addOption(
    new Option("--seed <n>", "decides what is random in a build").argParser(wholeNumber(0)).default(0),
  );
}

/** The same, with those that say how it is done: in how many threads, and under which outcomes too. */
export function withReplayFlags(command: Command): Command {
  return withInputFlags(command)
    .addOption(
      new Option(
        "--jobs <n>",
        "threads that share the policies; each follows the history by itself; default: 1",
      ).argParser(wholeNumber(1)),
    )
    .addOption(
      new Option("--sensitivity", "replay under other outcomes too: the range if unsure labels are wrong, and bounds"),
    );
}

/** Whether a flag was on the command line, rather than left as it is by default. */
export function isGivenTo(command: Command): (flag: string) => boolean {
  return (flag) => command.getOptionValueSource(flag) === "cli";
}
