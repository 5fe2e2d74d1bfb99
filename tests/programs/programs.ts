import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { noProgress } from "@depid/command-line/progress";
import { runHashclient } from "../../apps/hashserv/src/client/program.ts";
import { runHashserv } from "../../apps/hashserv/src/program.ts";
import { runDepid } from "../../apps/simulator/src/program.ts";
import { Shutdown } from "../../apps/simulator/src/shutdown.ts";

export const REPOSITORY = join(import.meta.dirname, "../..");

/** The programs of this repository, by the files that are run. */
export const PROGRAMS = {
  depid: "apps/simulator/src/main.ts",
  "depid-hashserv": "apps/hashserv/src/main.ts",
  "depid-hashclient": "apps/hashserv/src/client/main.ts",
} as const;
export type ProgramName = keyof typeof PROGRAMS;

/** Carries out a command line of a program within this process, which has its stdout and exit status. */
export const RUN: Readonly<Record<ProgramName, (...args: readonly string[]) => Promise<unknown>>> = {
  depid(...args) {
    const shutdown = new Shutdown();
    return runDepid(args, shutdown).finally(() => shutdown.run());
  },
  "depid-hashserv": (...args) =>
    runHashserv({ args, env: {}, print: console.error, ended: new Promise(() => {}), exit: fail }),
  "depid-hashclient": (...args) =>
    runHashclient({
      args,
      input: NOTHING,
      out: (text) => process.stdout.write(text),
      error: console.error,
      openProgress: async () => noProgress,
      readText: fail,
      readNetrc: async () => undefined,
    }),
};

const NOTHING: AsyncIterable<string> = { [Symbol.asyncIterator]: () => ({ next: fail }) };

function fail(): never {
  throw new Error("nothing of this is asked for here");
}

/** Whether a program is installed on this machine, such as a shell that a test cannot do without. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
}
