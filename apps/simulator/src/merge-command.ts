import { type Command, Option } from "commander";
import type { PrintFlags } from "./sweep/print-sweep.ts";

/** `depid merge`: the parts of a sweep as though it had been done at once. */
export function addMergeFlags(command: Command): void {
  command
    .argument("<part...>", "what depid sweep --shard has written: all parts, in any order")
    .addOption(new Option("--csv <file>", "write what each sample measured, as CSV; .gz: gzip"))
    .addOption(
      new Option("--confidence-csv <file>", "write how sure the order of policies is, and on what it depends, as CSV"),
    )
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (files: readonly string[], flags: PrintFlags) => (await import("./merge.ts")).merge(files, flags));
}
