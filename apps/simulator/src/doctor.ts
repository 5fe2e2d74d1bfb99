import { openProgress } from "@depid/command-line/progress";
import { doctorDocument, formatDoctor, isSick } from "@depid/doctor";
import { examineAll, passedThrough } from "@depid/doctor/fs";
import { findNetworkFileSystem } from "@depid/hashserv/network-file-system";
import type { Shutdown } from "./shutdown.ts";

/** Exit status when something is worse than a note. */
const SICK = 1;

export interface DoctorFlags {
  readonly hashserv?: string;
  readonly set: ReadonlyMap<string, string>;
  readonly examples: number;
  readonly all?: true;
  readonly siginfo: number;
  readonly unusedDays: number;
  readonly quickCheck?: true;
  readonly timeout: number;
  readonly login?: string;
  readonly password?: string;
  readonly json?: true;
}

/** Looks at a build, changes nothing, prints what is wrong. Exit status 1 if something is. */
export async function doctor(subject: string, flags: DoctorFlags, shutdown: Shutdown): Promise<void> {
  const progress = await openProgress();
  try {
    const report = await examineAll({
      subject,
      hashserv: flags.hashserv,
      given: flags.set,
      environment: passedThrough(process.env),
      examples: flags.all === true ? Number.POSITIVE_INFINITY : flags.examples,
      siginfos: flags.siginfo,
      unusedDays: flags.unusedDays,
      quickCheck: flags.quickCheck === true,
      timeoutMs: flags.timeout * 1000,
      signal: shutdown.signal,
      ...(flags.login === undefined ? {} : { login: { username: flags.login, token: flags.password ?? "" } }),
      now: Date.now(),
      progress: {
        update(part, done) {
          progress.update({ stage: part, done });
          return shutdown.takeTurn();
        },
      },
      findNetworkFileSystem,
    });
    progress.end();
    process.stdout.write(
      flags.json === true ? `${JSON.stringify(doctorDocument(report), null, 2)}\n` : `${formatDoctor(report)}\n`,
    );
    if (isSick(report)) process.exitCode = SICK;
  } finally {
    progress.end();
  }
}
