import { checkLocks, formatLockCheck, isSound, type LockReport, lockCheckDocument } from "@depid/bitbake";
import { readLockedSigs } from "@depid/bitbake/fs";
import { type Command, Option } from "commander";
import { readBuilds } from "./read-builds.ts";
import type { Shutdown } from "./shutdown.ts";

interface CheckLocksFlags {
  readonly machine?: string;
  readonly all?: true;
  readonly json?: true;
}

/** `depid check-locks`: which locks do not fit a build, which do nothing, what they hold back. Exit status 1 unless all fit. */
export function addCheckLocksCommand(program: Command, shutdown: Shutdown): void {
  program
    .command("check-locks")
    .description("which locked signatures do not fit a build, which do nothing, and what they hold back")
    .argument("<locks>", "locked-sigs.inc; files that it includes are named, not followed")
    .argument("<build>", "a build: capture, HISTORY@STEP, folder or files of sigdata, build directory")
    .option("--machine <name>", "whose SIGGEN_LOCKEDSIGS_TYPES counts; default: MACHINE of the build, or of the file")
    .option("--all", "list every lock, not the first of each kind only")
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action((locks: string, build: string, flags: CheckLocksFlags) => check(locks, build, flags, shutdown));
}

async function check(
  locks: string,
  build: string,
  { machine, all, json }: CheckLocksFlags,
  { signal }: Shutdown,
): Promise<void> {
  await readLockedSigs(locks); // first: a mistake here need not wait for the build
  const [capture] = await readBuilds(build, undefined, signal);
  const sigs = await readLockedSigs(locks, machine ?? capture.header.origin.machine);
  const report: LockReport = { locks, build, sigs, check: checkLocks(sigs, capture) };
  const text =
    json === true ? JSON.stringify(lockCheckDocument(report), null, 2) : formatLockCheck(report, all === true);
  process.stdout.write(`${text}\n`);
  if (!isSound(report)) process.exitCode = 1;
}
