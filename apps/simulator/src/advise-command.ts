import { wholeNumber } from "@depid/command-line/flags";
import { openProgress } from "@depid/command-line/progress";
import { type Command, Option } from "commander";
import type { AdviseFlags } from "./advise.ts";
import { isGivenTo, withReplayFlags } from "./replay-flags.ts";
import type { Shutdown } from "./shutdown.ts";

/** `depid advise`: what follows from a replay. */
export function addAdviseFlags(command: Command, shutdown: Shutdown): void {
  withReplayFlags(command)
    .addOption(
      new Option(
        "--leverage <n>",
        "replay again with the outputs of a recipe stable, for n recipes: where reproducible builds would save most",
      ).argParser(wholeNumber(1)),
    )
    .addOption(new Option("--csv <file>", "write all figures, one a line; .gz: gzip"))
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (file: string, flags: AdviseFlags) => {
      const progress = await openProgress();
      try {
        progress.update({ stage: `reading ${JSON.stringify(file)}` });
        await (await import("./advise.ts")).advise(file, flags, isGivenTo(command), progress, shutdown);
      } finally {
        progress.end();
      }
    });
}
