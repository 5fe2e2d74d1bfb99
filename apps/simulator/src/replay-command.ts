import { wholeNumber } from "@depid/command-line/flags";
import { openProgress } from "@depid/command-line/progress";
import { KNOWN_UNSOUND, policyNames } from "@depid/replay/policy-names";
import { type Command, Option } from "commander";
import { withDurationFlags } from "./duration-flags.ts";
import { withOutcomeFlags } from "./outcome-flags.ts";
import { withReleaseFlag } from "./release-flag.ts";
import type { ReplayFlags } from "./replay.ts";
import type { Shutdown } from "./shutdown.ts";

/** `depid replay`: history x policies x outcome model x builder, against a real server. */
export function addReplayFlags(command: Command, shutdown: Shutdown): void {
  command
    .argument(
      "<history>",
      "file in the format depid-history/1, gzip or plain; or a scenario: a name or a .yaml file (depid scenarios)",
    )
    .addOption(
      new Option("--policy <a,b,c>", `of ${policyNames.join(", ")}, or paths of plug-in modules`).default(
        policyNames.join(","),
        "all",
      ),
    )
    .addOption(new Option("--server <address>", "hash equivalence server; auto starts one").default("auto"))
    .addOption(
      new Option("--builder <kind>", "build directory of each step").choices(["fresh", "persistent"]).default("fresh"),
    )
    .addOption(new Option("--workers <n>", "tasks that run at a time").argParser(wholeNumber(1)).default(4))
    .addOption(
      new Option(
        "--jobs <n>",
        "threads that share the policies; each follows the history by itself; default: 1",
      ).argParser(wholeNumber(1)),
    );
  withReleaseFlag(withOutcomeFlags(command));
  withDurationFlags(command)
    .addOption(new Option("--seed <n>", "decides what is random in a build").argParser(wholeNumber(0)).default(0))
    .addOption(
      new Option("--sensitivity", "replay under other outcomes too: the range if unsure labels are wrong, and bounds"),
    )
    .addOption(new Option("--steps", "a table for each step, too"))
    .addOption(
      new Option(
        "--tasks <file>",
        "write what became of each task in each build: JSON lines, or CSV (.csv); .gz: gzip",
      ),
    )
    .addOption(new Option("--fail-on-stale", `exit 1 if a policy other than ${KNOWN_UNSOUND} reuses what is wrong`))
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (file: string, flags: ReplayFlags) => {
      const progress = await openProgress();
      try {
        // What a replay needs takes a while to be loaded, as does its history.
        progress.update({ stage: `reading ${JSON.stringify(file)}` });
        const isGiven = (flag: string) => command.getOptionValueSource(flag) === "cli";
        await (await import("./replay.ts")).replay(file, flags, isGiven, progress, shutdown);
      } finally {
        progress.end();
      }
    });
}
