import { type Command, Option } from "commander";
import type { LabelFlags } from "./label.ts";
import type { Shutdown } from "./shutdown.ts";

/** `depid label`: a draft of labels for a person to review. */
export function addLabelFlags(command: Command, shutdown: Shutdown): void {
  command
    .argument("<history>", "file in the format depid-history/1, gzip or plain")
    .option("-o, --output <file>", "label file to write; default stdout")
    .addOption(
      new Option(
        "--from <sources...>",
        "what to guess from, the surest first: classes, messages, recorded:SOURCE",
      ).default(["classes"]),
    )
    .option("--labels <file>", "labels that are kept; only what none of them matches is drafted")
    .option("--force", "overwrite the output")
    .option("--json", "the draft as one JSON document on stdout")
    .action(async (file: string, flags: LabelFlags) => (await import("./label.ts")).label(file, flags, shutdown));
}
