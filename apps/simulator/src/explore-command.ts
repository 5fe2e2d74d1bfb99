import { wholeNumber } from "@depid/command-line/flags";
import { openProgress } from "@depid/command-line/progress";
import { type Command, Option } from "commander";
import type { ExploreFlags } from "./explore.ts";
import { isGivenTo, withReplayFlags } from "./replay-flags.ts";
import type { Shutdown } from "./shutdown.ts";

/** `depid explore`: the page of a replay, on this machine alone. */
export function addExploreFlags(command: Command, shutdown: Shutdown): void {
  withReplayFlags(command)
    .addOption(new Option("--port <n>", "port on 127.0.0.1; 0: one that is free").argParser(wholeNumber(0)).default(0))
    .action(async (file: string, flags: ExploreFlags) => {
      const progress = await openProgress();
      try {
        progress.update({ stage: `reading ${JSON.stringify(file)}` });
        await (await import("./explore.ts")).explore(file, flags, isGivenTo(command), progress, shutdown);
      } finally {
        progress.end();
      }
    });
}
