import { wholeNumber } from "@depid/command-line/flags";
import { openProgress } from "@depid/command-line/progress";
import { KNOWN_UNSOUND } from "@depid/replay/policy-names";
import { type Command, Option } from "commander";
import type { ReplayFlags } from "./replay.ts";
import { isGivenTo, withReplayFlags } from "./replay-flags.ts";
import type { Shutdown } from "./shutdown.ts";

/** `depid replay`: history x policies x outcome model x builder, against a real server. */
export function addReplayFlags(command: Command, shutdown: Shutdown): void {
  withReplayFlags(command)
    .addOption(
      new Option(
        "--execute",
        "run the commands of a scenario: outputs are what they write; they may do all that you may, so read them first",
      ).conflicts(["jobs", "sensitivity"]),
    )
    .addOption(
      new Option("--execute-limit <seconds>", "how long a command may take; default: 60").argParser(wholeNumber(1)),
    )
    .addOption(
      new Option("--execute-times", "tasks take the seconds that their commands took, which are other ones each time")
        .conflicts(["durations", "jobs", "sensitivity"])
        .implies({ execute: true }),
    )
    .addOption(new Option("--steps", "a table for each step, too"))
    .addOption(
      new Option(
        "--tasks <file>",
        "write what became of each task in each build: JSON lines, or CSV (.csv); .gz: gzip",
      ),
    )
    .addOption(
      new Option("--html <file>", "write a page that shows all builds, with its data in it: one file, to open or send"),
    )
    .addOption(new Option("--record <file>", "write all builds for depid explore: depid-run/1; .gz: gzip"))
    .addOption(new Option("--fail-on-stale", `exit 1 if a policy other than ${KNOWN_UNSOUND} reuses what is wrong`))
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (file: string, flags: ReplayFlags) => {
      const progress = await openProgress();
      try {
        // What a replay needs takes a while to be loaded, as does its history.
        progress.update({ stage: `reading ${JSON.stringify(file)}` });
        await (await import("./replay.ts")).replay(file, flags, isGivenTo(command), progress, shutdown);
      } finally {
        progress.end();
      }
    });
}
