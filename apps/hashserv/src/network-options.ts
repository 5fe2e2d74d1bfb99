import { seconds, wholeNumber } from "@depid/command-line/flags";
import { DEFAULT_LIMITS, type Limits } from "@depid/hashserv/settings";
import { type Command, Option } from "commander";

/** Where and how the server is reached, besides its address, and what it tells of itself. */
export interface NetworkOptions {
  /** `HOST:PORT` of the HTTP interface. */
  readonly http: string | undefined;
  /** Further names under which HTTP and pages of browsers may use it. */
  readonly allowHosts: readonly string[];
  /** `HOST:PORT` of metrics and health. */
  readonly metrics: string | undefined;
  readonly logFormat: LogFormat;
  /** Files. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly reusePort: boolean;
  readonly limits: Omit<Limits, "heldBytes">;
  /** Milliseconds to end in once asked to; what is under way then is given up. */
  readonly stopMs: number;
}

/** Lines for people, or a JSON object each. */
export type LogFormat = "text" | "json";

/** As commander gives them. */
export interface NetworkValues {
  readonly http?: string;
  readonly allowHost?: string;
  readonly metrics?: string;
  readonly logFormat: LogFormat;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly reuseport?: true;
  readonly maxConnections: number;
  readonly maxMessage?: number;
  readonly greetingTimeout: number;
  readonly stopTimeout: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Makes the options known. The environment has the defaults. */
export function addNetworkOptions(program: Command, env: Environment): void {
  const add = (flags: string, description: string, fallback?: string) =>
    program.addOption(new Option(flags, description).default(fallback || undefined));
  const addNumber = (flags: string, description: string, parse: (text: string) => number, fallback?: number) =>
    program.addOption(new Option(flags, description).argParser(parse).default(fallback));
  add("--http <host:port>", "serve the HTTP interface of the RFC, too: /v1/equivalent", env.HASHSERVER_HTTP);
  add(
    "--allow-host <names>",
    "names, besides those bound, for which HTTP is answered, and whose pages may use HTTP and WebSocket",
    env.HASHSERVER_ALLOW_HOST,
  );
  add("--metrics <host:port>", "serve /metrics (Prometheus) and /healthz", env.HASHSERVER_METRICS);
  program.addOption(
    new Option("--log-format <format>", "lines for people, or JSON objects")
      .choices(["text", "json"])
      .default(env.HASHSERVER_LOG_FORMAT === "json" ? "json" : "text"),
  );
  add("--tls-cert <file>", "certificate (PEM): TLS on TCP, WebSocket and HTTP", env.HASHSERVER_TLS_CERT);
  add("--tls-key <file>", "its key (PEM)", env.HASHSERVER_TLS_KEY);
  program.option("--reuseport", "let other processes listen on the same port (needs Node 22.12)");
  addNumber("--max-connections <count>", "connections at a time", wholeNumber(1), DEFAULT_LIMITS.connections);
  addNumber(
    "--max-message <size>",
    "characters of a message (64 Mi in chunks and over HTTP, 1 Mi over WebSocket)",
    wholeNumber(1),
  );
  addNumber("--greeting-timeout <seconds>", "time a client has to greet", seconds(), DEFAULT_LIMITS.greetingMs / 1000);
  addNumber(
    "--stop-timeout <seconds>",
    "time to end in after SIGTERM, SIGINT or SIGQUIT; what is under way then is given up",
    seconds(),
    STOP_SECONDS,
  );
}

/** A connection has five of them to take its answers. */
const STOP_SECONDS = 10;

/** @throws {CommanderError} when only one of the files for TLS is named, or for a host that is no name */
export function readNetworkOptions(program: Command, values: NetworkValues): NetworkOptions {
  const { http, metrics, logFormat, tlsCert: cert, tlsKey: key } = values;
  if ((cert === undefined) !== (key === undefined)) {
    program.error("--tls-cert and --tls-key need each other");
  }
  const allowHosts = (values.allowHost ?? "").split(/[\s,]+/).filter((name) => name !== "");
  const wrong = allowHosts.find((name) => !/^[\w.-]+$/.test(name));
  if (wrong !== undefined) {
    program.error(`--allow-host: expected names of hosts, without port, found ${JSON.stringify(wrong)}`);
  }
  return {
    http,
    allowHosts,
    metrics,
    logFormat,
    reusePort: values.reuseport === true,
    stopMs: values.stopTimeout * 1000,
    tls: cert === undefined || key === undefined ? undefined : { cert, key },
    limits: {
      connections: values.maxConnections,
      messageSize: values.maxMessage,
      greetingMs: values.greetingTimeout * 1000,
    },
  };
}
