import { type Log, listenHttp, type Server, startServer } from "@depid/hashserv";
import { CommanderError } from "commander";
import { createLog } from "./log.ts";
import { type Options, parseOptions } from "./options.ts";
import { readTls, rereadTls } from "./tls-files.ts";

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
}

/** Serves until asked to end. @returns the exit status: 0 done, 1 cannot start, 2 bad usage (section 15) */
export async function runHashserv({ args, env, print, rereads, ended }: Surroundings): Promise<number> {
  try {
    const options = parseOptions(args, env);
    const log = createLog(options.logFormat, options.log, print);
    const { server, close } = await serve(options, log);
    const reread = async () => {
      for await (const _ of rereads ?? []) await rereadTls(server, options.tls, log);
    };
    void reread();
    await ended;
    await close();
    return 0;
  } catch (error) {
    // Commander has said what is wrong with the usage.
    if (error instanceof CommanderError) return error.exitCode;
    print(`depid-hashserv: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

/** Starts all that was asked for. @returns the server, and what ends it and its metrics */
async function serve(
  { tls: files, metrics: metricsBind, ...options }: Options,
  log: Log,
): Promise<{ readonly server: Server; readonly close: () => Promise<void> }> {
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
    const close = async () => {
      await server.close();
      await pages.close();
    };
    return { server, close };
  } catch (error) {
    await server.close();
    throw error;
  }
}

const METRICS_NET = { tls: undefined, reusePort: false, handshakeMs: 10_000, connections: 100 };
