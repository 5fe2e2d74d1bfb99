import { checkLocks, formatLockCheck, isSound, type LockReport, lockCheckDocument } from "@depid/bitbake";
import { readLockedSigs } from "@depid/bitbake/fs";
import { readBuilds } from "./read-builds.ts";
import type { Shutdown } from "./shutdown.ts";

export interface CheckLocksFlags {
  readonly machine?: string;
  readonly all?: true;
  readonly json?: true;
}

/** Holds locks against a build and prints what does not fit. Exit status 1 unless all fit. */
export async function check(
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
