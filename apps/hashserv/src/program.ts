import { LOG_LEVELS, type Log, type LogLevel, startServer } from "@depid/hashserv";
import { CommanderError } from "commander";
import { parseOptions } from "./options.ts";

/** What the program needs of the process it runs in. */
export interface Surroundings {
  /** Without the names of Node and the program. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes lines for stderr, without their LF. */
  readonly print: (line: string) => void;
  /** Resolves when the program is asked to end. */
  readonly ended: Promise<void>;
}

/** Serves until asked to end. @returns the exit status: 0 done, 1 cannot start, 2 bad usage (section 15) */
export async function runHashserv({ args, env, print, ended }: Surroundings): Promise<number> {
  try {
    const { log, ...options } = parseOptions(args, env);
    const server = await startServer({ ...options, log: createLog(log, print) });
    await ended;
    await server.close();
    return 0;
  } catch (error) {
    // Commander has said what is wrong with the usage.
    if (error instanceof CommanderError) return error.exitCode;
    print(`depid-hashserv: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

function createLog(least: LogLevel, print: (line: string) => void): Log {
  return (level, text) => {
    if (LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(least)) print(`${level}: ${text}`);
  };
}
