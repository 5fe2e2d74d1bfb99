import { list, wholeNumber } from "@depid/command-line/flags";
import { openProgress } from "@depid/command-line/progress";
import { parseByteSize, SIZE_EXPECTED } from "@depid/replay/byte-size";
import { type Command, InvalidArgumentError, Option } from "commander";
import { withInputFlags } from "./replay-flags.ts";
import type { RetentionFlags } from "./retention.ts";
import type { Shutdown } from "./shutdown.ts";

/** `depid retention`: hours lost against bytes kept, for each rule by which a cache is pruned. */
export function addRetentionFlags(command: Command, shutdown: Shutdown): void {
  withInputFlags(command, "basichash")
    .addOption(
      new Option(
        "--bytes <sizes>",
        "sizes that the cache is pruned to; default: halves of what all objects take",
      ).argParser((text) => list(text).map(byteSize)),
    )
    .addOption(
      new Option("--ages <steps>", "steps that objects are kept; default: powers of two").argParser((text) =>
        list(text).map(wholeNumber(1)),
      ),
    )
    .addOption(
      new Option(
        "--jobs <n>",
        "threads that share the limits; each follows the history by itself; default: 1",
      ).argParser(wholeNumber(1)),
    )
    .addOption(new Option("--csv <file>", "write the curves, a limit a line; .gz: gzip"))
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (file: string, flags: RetentionFlags) => {
      const progress = await openProgress();
      try {
        progress.update({ stage: `reading ${JSON.stringify(file)}` });
        await (await import("./retention.ts")).retention(file, flags, progress, shutdown);
      } finally {
        progress.end();
      }
    });
}

function byteSize(text: string): number {
  const bytes = parseByteSize(text);
  if (bytes === undefined) throw new InvalidArgumentError(`expected ${SIZE_EXPECTED}`);
  return bytes;
}
