import { type Command, Option } from "commander";
import type { CheckLocksFlags } from "./check-locks.ts";
import type { Shutdown } from "./shutdown.ts";

/** `depid check-locks`: which locks do not fit a build, which do nothing, what they hold back. Exit status 1 unless all fit. */
export function addCheckLocksFlags(command: Command, shutdown: Shutdown): void {
  command
    .argument("<locks>", "locked-sigs.inc; files that it includes are named, not followed")
    .argument("<build>", "a build: capture, HISTORY@STEP, folder or files of sigdata, build directory")
    .option("--machine <name>", "whose SIGGEN_LOCKEDSIGS_TYPES counts; default: MACHINE of the build, or of the file")
    .option("--all", "list every lock, not the first of each kind only")
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (locks: string, build: string, flags: CheckLocksFlags) =>
      (await import("./check-locks.ts")).check(locks, build, flags, shutdown),
    );
}
