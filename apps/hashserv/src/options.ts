import { LOG_LEVELS, type LogLevel } from "@depid/hashserv/log";
import { Command, Option } from "commander";
import {
  addDatabaseOptions,
  type DatabaseOptions,
  type DatabaseValues,
  readDatabaseOptions,
} from "./database-options.ts";
import { parseLogLevel } from "./log-level.ts";
import { addNetworkOptions, type NetworkOptions, type NetworkValues, readNetworkOptions } from "./network-options.ts";
import { addServiceOptions, readServiceOptions, type ServiceOptions, type ServiceValues } from "./service-options.ts";
import { VERSION } from "./version.ts";

/** What `depid-hashserv` was asked to do. */
export interface Options extends ServiceOptions, NetworkOptions, DatabaseOptions {
  readonly bind: string;
  readonly database: string;
  readonly log: LogLevel;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the command line, with the options, environment variables and defaults of BitBake's server (section 15).
 *
 * @param args without the program's name
 * @throws {CommanderError} with the exit status: 2 for bad usage, 0 for `--help`
 * @throws {InvalidLogLevelError | MissingPasswordError}
 */
export function parseOptions(args: readonly string[], env: Environment): Options {
  const program = new Command("depid-hashserv")
    .description("A hash equivalence server: a drop-in for bitbake-hashserv.")
    .version(VERSION, "--version")
    .addOption(createOption("-b, --bind <address>", BIND_FORMS, env.HASHSERVER_BIND ?? "unix://./hashserve.sock"))
    .addOption(
      createOption(
        "-d, --database <file>",
        "SQLite database file, or postgres://…",
        env.HASHSERVER_DB ?? "./hashserv.db",
      ),
    )
    .addOption(createOption("-l, --log <level>", LOG_LEVELS.join(", "), env.HASHSERVER_LOG_LEVEL ?? "WARNING"))
    .allowExcessArguments(false)
    .exitOverride((error) => {
      throw Object.assign(error, { exitCode: error.exitCode === 0 ? 0 : 2 });
    });
  addDatabaseOptions(program, env);
  addServiceOptions(program, env);
  addNetworkOptions(program, env);
  const { bind, database, log, ...values } = program.parse(args, { from: "user" }).opts<Values>();
  const network = readNetworkOptions(program, values);
  return {
    bind,
    database,
    log: parseLogLevel(log),
    ...readDatabaseOptions(values),
    ...readServiceOptions(values),
    ...network,
  };
}

interface Values extends ServiceValues, NetworkValues, DatabaseValues {
  readonly bind: string;
  readonly database: string;
  readonly log: string;
}

const BIND_FORMS = "unix://PATH, HOST:PORT or ws://HOST:PORT";

function createOption(flags: string, description: string, fallback: string): Option {
  return new Option(flags, description).default(fallback);
}
