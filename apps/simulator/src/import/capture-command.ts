import type { Command } from "commander";
import type { CaptureFlags } from "./capture.ts";

/** `depid import capture`: a history from captures, in the order given. */
export function addCaptureFlags(command: Command): void {
  command
    .argument("<builds...>", "captures; or other builds: HISTORY@STEP, folders of signature files, build directories")
    .requiredOption("-o, --output <file>", "history to write; gzip when it ends in .gz")
    .option("--no-variables", "leave out the texts that basehashes are made of")
    .option("--json", "one JSON document on stdout")
    .action(async (inputs: string[], flags: CaptureFlags) =>
      (await import("./capture.ts")).importCaptures(inputs, flags),
    );
}
