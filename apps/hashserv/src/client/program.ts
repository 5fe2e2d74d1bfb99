import {
  createProgram as createCommandLine,
  describeVersion,
  offering,
  plant,
  showExamples,
  statusOf,
} from "@depid/command-line";
import type { Progress } from "@depid/command-line/progress";
import { LOG_LEVELS, type LogLevel } from "@depid/hashserv/log";
import { type Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { DEFAULT_ADDRESS } from "../default-address.ts";
import type { Arguments, ClientCommand } from "./command.ts";
import { LOOKUPS } from "./lookup-commands.ts";
import { TIMING } from "./timing-commands.ts";
import { UPKEEP } from "./upkeep-commands.ts";
import { USERS } from "./user-commands.ts";
import { joinWherePairs } from "./where.ts";

/** What the program needs of the process it runs in. */
export interface ClientSurroundings {
  /** Without the names of Node and the program. */
  readonly args: readonly string[];
  /** Lines of stdin. */
  readonly input: AsyncIterable<string>;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Tells how far it is, once there is something to tell. */
  readonly openProgress: () => Promise<Progress>;
  /** Reads a text file. */
  readonly readText: (path: string) => Promise<string>;
  /** The text of `~/.netrc`, if there is one. */
  readonly readNetrc: () => Promise<string | undefined>;
}

/** The options that all commands have. */
export interface GlobalOptions {
  readonly address: string;
  readonly log: LogLevel;
  readonly login?: string;
  readonly password?: string;
  readonly become?: string;
  readonly netrc: boolean;
  readonly tlsCa?: string;
  readonly json?: boolean;
}

/** Carries out a command line. @returns the exit status: 0 done, 1 refused or failed, 2 bad usage (section 16), 70 a bug of ours */
export async function runHashclient(surroundings: ClientSurroundings): Promise<number> {
  const { args, out, error } = surroundings;
  let status = 0;
  const program = createProgram(surroundings);
  for (const command of [...LOOKUPS, ...UPKEEP, ...USERS, ...TIMING]) {
    addCommand(program, command, async (options, args) => {
      const { carryOut } = await import("./carry-out.ts");
      const result = await carryOut(surroundings, options, command.load, args);
      status = "answer" in result ? 0 : (result.status ?? 0);
    });
  }
  try {
    const words = joinWherePairs(args);
    await plant(program, [], words);
    const namesCommand = namesSomething(program, words);
    await checkAddress(program);
    if (!namesCommand) return 0;
    await program.parseAsync(words, { from: "user" });
    return status;
  } catch (cause) {
    if (cause instanceof CommanderError) return statusOf(cause);
    const { describeClientFailure } = await import("./failure.ts");
    const failure = await describeClientFailure(cause, program.opts<GlobalOptions>().address);
    (failure.to === "out" ? out : error)(failure.text);
    return failure.status;
  }
}

/** Without a command there is nothing to do, as in the reference. */
function namesSomething(program: Command, words: readonly string[]): boolean {
  const { operands, unknown } = program.parseOptions([...words]);
  return operands.length > 0 || unknown.length > 0;
}

/** The program with the options that all commands have; commands are added to it. */
function createProgram({ args, out, error }: ClientSurroundings): Command {
  const program = createCommandLine(
    "depid-hashclient",
    "A client of a hash equivalence server: a drop-in for bitbake-hashclient.",
    { out, error },
  )
    .version(args.includes("--version") ? describeVersion("depid-hashclient") : "", "--version")
    .addOption(new Option("--address <address>", ADDRESS_FORMS).default(DEFAULT_ADDRESS))
    .addOption(
      offering(
        new Option("--log <level>", "what is told, and all above it").argParser(takeLogLevel).default("WARNING"),
        LOG_LEVELS,
      ),
    )
    .option("-l, --login <user>", "log in as this user")
    .option("-p, --password <token>", "the token to log in with")
    .option("-b, --become <user>", "act as this user, if that is allowed")
    .option("-n, --no-netrc", "do not look for a login in ~/.netrc")
    .option("--tls-ca <file>", "certificates to trust (PEM) in place of the usual ones")
    .option("--json", "print the result as JSON")
    .enablePositionalOptions();
  return showExamples(program, [
    { line: "depid-hashclient ping", does: "the server of this build directory" },
    { line: "depid-hashclient --address hashserv.example.org:8686 stats", does: "another server" },
  ]);
}

/** Only who names an address waits for what knows their forms. @throws {CommanderError} */
async function checkAddress(program: Command): Promise<void> {
  if (program.getOptionValueSource("address") !== "cli") return;
  const { faultOfAddress } = await import("./address.ts");
  const { address } = program.opts<GlobalOptions>();
  const fault = faultOfAddress(address);
  if (fault !== undefined) {
    program.error(`error: option '--address <address>' argument '${address}' is invalid. ${fault}`);
  }
}

/** @throws {InvalidArgumentError} */
function takeLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text.toUpperCase());
  if (level === undefined) throw new InvalidArgumentError(`expected ${LOG_LEVELS.join(", ")} in any case`);
  return level;
}

const ADDRESS_FORMS = "unix://PATH, HOST:PORT, tls://HOST:PORT, ws://HOST[:PORT] or wss://HOST[:PORT]";

function addCommand(
  program: Command,
  { syntax, summary, examples, configure }: ClientCommand,
  carryOut: (options: GlobalOptions, args: Arguments) => Promise<void>,
): void {
  const command = program
    .command(syntax)
    .description(summary)
    .allowExcessArguments(false)
    .option("--json", "print the result as JSON");
  configure?.(command);
  showExamples(command, examples);
  command.action(async () => {
    const globals = command.optsWithGlobals<GlobalOptions>();
    await carryOut(globals, { args: command.processedArgs, options: command.opts() });
  });
}
