import { join } from "node:path";
import { runDepid as runProgram } from "../program.ts";
import { Shutdown } from "../shutdown.ts";

export const REPOSITORY = join(import.meta.dirname, "../../../..");
/** Inputs after public bug reports, with the right answers. */
export const CASES = join(REPOSITORY, "fixtures/cases");

export interface DepidRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a run takes place. */
export interface RunPlace {
  /** Working directory; by default the repository. */
  readonly cwd?: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `depid` in the repository, within this process, where starting takes no time. */
export function runDepid(...args: readonly string[]): Promise<DepidRun> {
  return runDepidIn({}, ...args);
}

/** The same somewhere else. One run at a time: a process has one stdout, one exit status and one working directory. */
export function runDepidIn(place: RunPlace, ...args: readonly string[]): Promise<DepidRun> {
  const run = last.then(() => runAlone(place, args));
  last = run.catch(() => {});
  return run;
}

let last: Promise<unknown> = Promise.resolve();

async function runAlone({ cwd = REPOSITORY, env = {} }: RunPlace, args: readonly string[]): Promise<DepidRun> {
  const said = { stdout: "", stderr: "" };
  const home = process.cwd();
  const { exitCode } = process;
  const variables = Object.keys(env).map((name) => [name, process.env[name]] as const);
  const writers = (["stdout", "stderr"] as const).map((name) => [name, process[name].write] as const);
  for (const [name] of writers) process[name].write = takeInto(said, name);
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.exitCode = undefined;
  const shutdown = new Shutdown();
  try {
    await runProgram(args, shutdown).finally(() => shutdown.run());
    return { status: Number(process.exitCode ?? 0), ...said };
  } finally {
    for (const [name, write] of writers) process[name].write = write;
    for (const [name, value] of variables) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    process.chdir(home);
    process.exitCode = exitCode;
  }
}

/** In place of a stream's `write`: what is written is kept, and is taken at once. */
function takeInto(said: Record<"stdout" | "stderr", string>, name: "stdout" | "stderr"): typeof process.stdout.write {
  return (chunk: string | Uint8Array, ...rest: unknown[]) => {
    said[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    for (const done of rest) if (typeof done === "function") done();
    return true;
  };
}
