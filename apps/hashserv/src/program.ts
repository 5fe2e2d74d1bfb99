import { describeFailure, statusOf } from "@depid/command-line";
import type { Log, Server } from "@depid/hashserv";
import { CommanderError } from "commander";
import { answerAsked } from "./asked.ts";
import type { Options } from "./hashserv-options.ts";
import { readOptions } from "./options.ts";

/** What the program needs of the process it runs in. */
export interface Surroundings {
  /** Without the names of Node and the program. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes lines for stderr, without their LF. */
  readonly print: (line: string) => void;
  /** Gives something whenever the program is asked to read its files again. */
  readonly rereads?: AsyncIterable<unknown>;
  /** Resolves when the program is asked to end. */
  readonly ended: Promise<void>;
  /** Ends the process with this exit status, whatever is under way. */
  readonly exit: (status: number) => void;
}

const FAILED = 1;
const GIVEN_UP = "what is under way is given up; reports that were answered are safe";

/**
 * Serves until asked to end.
 *
 * @returns the exit status: 0 done, 1 cannot start, or does not end in time, 2 bad usage (section 15), 70 a bug of ours
 */
export async function runHashserv({ args, env, print, rereads, ended, exit }: Surroundings): Promise<number> {
  let callOff: (() => void) | undefined;
  try {
    if (await answerAsked(args, env)) return 0;
    const options = await readOptions(args, env, (text) => print(text.trimEnd()));
    callOff = setDeadline(ended, options.stopMs, () => {
      print(`depid-hashserv: has not ended within ${options.stopMs / 1000} s: ${GIVEN_UP}`);
      exit(FAILED);
    });
    // Who asks for help, or is told what is wrong with the usage, does not wait for the server to be loaded.
    const [{ createLog }, { rereadTls }, { warnOfOpenFiles }] = await Promise.all([
      import("./log.ts"),
      import("./tls-files.ts"),
      import("./open-files.ts"),
    ]);
    const log = createLog(options.logFormat, options.log, print);
    warnOfOpenFiles(options.limits.connections, log);
    const { server, close } = await serve(options, log);
    const reread = async () => {
      for await (const _ of rereads ?? []) await rereadTls(server, options.tls, log);
    };
    void reread();
    // At the default level, too: who starts a server wants to know where it is.
    if (options.log === "WARNING") {
      const tell = createLog(options.logFormat, "INFO", print);
      tell("INFO", `listening on ${server.address}`);
      if (server.httpUrl !== undefined) tell("INFO", `HTTP at ${server.httpUrl}`);
    }
    await ended;
    await close();
    return 0;
  } catch (error) {
    // What is wrong with the usage has been said.
    if (error instanceof CommanderError) return statusOf(error);
    const { text, status } = await describeFailure(error, FAILED);
    print(`depid-hashserv: ${text}`);
    return status;
  } finally {
    callOff?.();
  }
}

/** Calls `late` when so many milliseconds have gone since the end was asked for, in whatever the program is then. @returns calls it off */
function setDeadline(ended: Promise<void>, ms: number, late: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isOff = false;
  void ended.then(() => {
    if (!isOff) timer = setTimeout(late, ms);
  });
  return () => {
    isOff = true;
    clearTimeout(timer);
  };
}

/** Starts all that was asked for. @returns the server, and what ends it and its metrics */
async function serve(
  { tls: files, metrics: metricsBind, ...options }: Options,
  log: Log,
): Promise<{ readonly server: Server; readonly close: () => Promise<void> }> {
  const { listenHttp, startServer } = await import("@depid/hashserv");
  const { readTls } = await import("./tls-files.ts");
  const tls = files && (await readTls(files));
  if (metricsBind === undefined) {
    const server = await startServer({ ...options, tls, log });
    return { server, close: () => server.close() };
  }
  // Who wants no metrics does not wait for what they need to be loaded.
  const { createMetricsPages, Metrics } = await import("./metrics.ts");
  const metrics = new Metrics();
  const server = await startServer({ ...options, tls, log, observer: metrics.observer });
  try {
    metrics.watch(server);
    const pages = await listenHttp(metricsBind, createMetricsPages(metrics, server), METRICS_NET);
    log("INFO", `metrics at ${pages.url}/metrics`);
    const close = () => server.close().finally(() => pages.close());
    return { server, close };
  } catch (error) {
    await server.close();
    throw error;
  }
}

const METRICS_NET = { tls: undefined, reusePort: false, handshakeMs: 10_000, connections: 100 };
