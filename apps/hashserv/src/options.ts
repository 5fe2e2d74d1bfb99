import { createProgram, describeVersion, offering, showExamples } from "@depid/command-line";
import { LOG_LEVELS } from "@depid/hashserv/log";
import { type Command, Option } from "commander";
import { addDatabaseOptions, type DatabaseValues, readDatabaseOptions } from "./database-options.ts";
import { DEFAULT_ADDRESS } from "./default-address.ts";
import type { Options } from "./hashserv-options.ts";
import { addNetworkOptions, type NetworkValues, readNetworkOptions } from "./network-options.ts";
import { addServiceOptions, readServiceOptions, type ServiceValues } from "./service-options.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The option that a value comes from, as the command line has it. */
const FLAGS: Partial<Record<keyof Options, string>> = {
  anonymous: "--anon-perms",
  readOnly: "--read-only",
  writeBehind: "--write-behind",
  tls: "--tls-cert, --tls-key",
};

/**
 * Reads the command line, with the options, environment variables and defaults of BitBake's server (section 15).
 * Looks at all of them, and creates nothing.
 *
 * @param args without the program's name
 * @param print takes what is said on stderr, with its LF
 * @throws {CommanderError} when it has said what is wrong, naming the option; with status 0 for `--help`
 */
export async function readOptions(args: readonly string[], env: Environment, print?: Print): Promise<Options> {
  const program = createServerProgram(env, args, print);
  const options = parseWith(program, args);
  // Who asks for help does not wait for what knows addresses and certificates.
  const { findFault } = await import("./check-options.ts");
  const fault = findFault(options);
  if (fault === undefined) return options;
  return program.error(`${FLAGS[fault.option] ?? `--${fault.option}`}: ${fault.problem}`);
}

/** What the command line says, whether this machine has such files and folders or not. @throws {CommanderError} as `readOptions` */
export function parseOptions(args: readonly string[], env: Environment): Options {
  return parseWith(createServerProgram(env, args), args);
}

function parseWith(program: Command, args: readonly string[]): Options {
  const { bind, database, log, ...values } = program.parse(args, { from: "user" }).opts<Values>();
  const network = readNetworkOptions(program, values);
  const level = LOG_LEVELS.find((known) => known === log.toUpperCase());
  if (level === undefined) {
    return program.error(`--log: expected ${LOG_LEVELS.join(", ")} in any case, found ${JSON.stringify(log)}`);
  }
  return {
    bind,
    database,
    log: level,
    ...readDatabaseOptions(program, values),
    ...readServiceOptions(program, values),
    ...network,
  };
}

/** The program with its options, for its help, its man page and its completion too. */
export function createServerProgram(env: Environment, args: readonly string[], print?: Print): Command {
  const program = createProgram(
    "depid-hashserv",
    "A hash equivalence server: a drop-in for bitbake-hashserv.",
    print === undefined ? undefined : { out: (text) => void process.stdout.write(text), error: print },
  )
    .version(args.includes("--version") ? describeVersion("depid-hashserv") : "", "--version")
    .addOption(createOption("-b, --bind <address>", BIND_FORMS, env.HASHSERVER_BIND ?? DEFAULT_ADDRESS))
    .addOption(
      createOption(
        "-d, --database <file>",
        "SQLite database file, or postgres://…",
        env.HASHSERVER_DB ?? "./hashserv.db",
      ),
    )
    .addOption(
      offering(
        createOption("-l, --log <level>", "what is told, and all above it", env.HASHSERVER_LOG_LEVEL ?? "WARNING"),
        LOG_LEVELS,
      ),
    )
    .allowExcessArguments(false);
  addDatabaseOptions(program, env);
  addServiceOptions(program, env);
  addNetworkOptions(program, env);
  return showExamples(program, EXAMPLES);
}

type Print = (text: string) => void;

const EXAMPLES = [
  { line: "depid-hashserv --bind :8686 --database hashserv.db", does: "a server for everybody in the network" },
  {
    line: "depid-hashserv --bind unix://./hashserve.sock --upstream hashserv.example.org:8686",
    does: "a server for one machine, which asks another for what it does not have",
  },
];

interface Values extends ServiceValues, NetworkValues, DatabaseValues {
  readonly bind: string;
  readonly database: string;
  readonly log: string;
}

const BIND_FORMS = "unix://PATH, HOST:PORT or ws://HOST:PORT";

function createOption(flags: string, description: string, fallback: string): Option {
  return new Option(flags, description).default(fallback);
}
