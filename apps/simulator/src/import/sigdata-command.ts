import { type Command, Option } from "commander";
import type { Shutdown } from "../shutdown.ts";
import type { SigdataFlags } from "./sigdata.ts";

/** `depid import sigdata`: a capture from signature files. Exit status 1 when a hash does not follow from its file. */
export function addSigdataFlags(command: Command, shutdown: Shutdown): void {
  command
    .argument("<inputs...>", "signature files, folders with such files at any depth, build directories")
    .addOption(new Option("-o, --output <file>", "capture to write, gzip when it ends in .gz; default: only check"))
    .addOption(
      new Option("--dot <file>", "task-depends.dot of the same build: recipe files, versions, exec dependencies"),
    )
    .addOption(
      new Option("--pn-buildlist <file>", "pn-buildlist of the same build: tasks of other recipes are left out"),
    )
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (inputs: string[], flags: SigdataFlags) =>
      (await import("./sigdata.ts")).importSignatures(inputs, flags, shutdown),
    );
}
