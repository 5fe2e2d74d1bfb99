import {
  createProgram as createCommandLine,
  describeFailure,
  describeVersion,
  offering,
  plant,
  showExamples,
  statusOf,
} from "@depid/command-line";
import type { Progress } from "@depid/command-line/progress";
import { DepidError, outsideReason } from "@depid/hash";
import { LOG_LEVELS, type LogLevel } from "@depid/hashserv/log";
import { ConnectionError, openClient, ServerError } from "@depid/hashserv-client";
import { type Credentials, InvalidRequestError, ProtocolError, parseAddress } from "@depid/hashserv-protocol";
import { type Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { DEFAULT_ADDRESS } from "../default-address.ts";
import { parseLogLevel } from "../log-level.ts";
import type { ClientCommand, ClientContext, Result } from "./command.ts";
import { formatSortedJson } from "./layout.ts";
import { LOOKUPS } from "./lookups.ts";
import { findLogin } from "./netrc.ts";
import { TIMING } from "./timing.ts";
import { UPKEEP } from "./upkeep.ts";
import { USERS } from "./users.ts";
import { joinWherePairs } from "./where.ts";

/** What the program needs of the process it runs in. */
export interface ClientSurroundings {
  /** Without the names of Node and the program. */
  readonly args: readonly string[];
  /** Lines of stdin. */
  readonly input: AsyncIterable<string>;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly progress: Progress;
  /** Reads a text file. */
  readonly readText: (path: string) => Promise<string>;
  /** The text of `~/.netrc`, if there is one. */
  readonly readNetrc: () => Promise<string | undefined>;
}

interface GlobalOptions {
  readonly address: string;
  readonly log: LogLevel;
  readonly login?: string;
  readonly password?: string;
  readonly become?: string;
  readonly netrc: boolean;
  readonly tlsCa?: string;
  readonly json?: boolean;
}

/** Exit status of what was refused or failed. */
const FAILED = 1;

/** Carries out a command line. @returns the exit status: 0 done, 1 refused or failed, 2 bad usage (section 16), 70 a bug of ours */
export async function runHashclient(surroundings: ClientSurroundings): Promise<number> {
  const { args, out, error } = surroundings;
  let status = 0;
  const program = createProgram(surroundings);
  for (const command of [...LOOKUPS, ...UPKEEP, ...USERS, ...TIMING]) {
    addCommand(program, command, async (options, run) => {
      const result = await carryOut(surroundings, options, run);
      status = "answer" in result ? 0 : (result.status ?? 0);
    });
  }
  try {
    const words = joinWherePairs(args);
    await plant(program, [], words);
    if (namesNothing(program, words)) return 0;
    await program.parseAsync(words, { from: "user" });
    return status;
  } catch (cause) {
    if (cause instanceof CommanderError) return statusOf(cause);
    if (cause instanceof UsageError) {
      error(`depid-hashclient: ${cause.message}\n`);
      return 2;
    }
    const failure = await describeFailure(cause, FAILED);
    if (cause instanceof ServerError || cause instanceof InvalidRequestError) out(`ERROR: ${cause.message}\n`);
    else error(`depid-hashclient: ${hintAtServer(cause, program) ?? failure.text}\n`);
    return failure.status;
  }
}

/** What went wrong, if it looks as if the other side were no hash equivalence server. */
function hintAtServer(cause: unknown, program: Command): string | undefined {
  const { address } = program.opts<GlobalOptions>();
  if (cause instanceof ProtocolError)
    return `what listens at ${address} is no hash equivalence server: it answered what none does (${cause.message})`;
  if (cause instanceof ConnectionError && (cause.fault === "lost" || cause.fault === "timeout"))
    return `${cause.message}; perhaps what listens there is no hash equivalence server`;
  return undefined;
}

/** Without a command there is nothing to do, as in the reference. */
function namesNothing(program: Command, words: readonly string[]): boolean {
  const { operands, unknown } = program.parseOptions([...words]);
  return operands.length === 0 && unknown.length === 0;
}

/** What was asked for cannot be done as it was asked. */
class UsageError extends DepidError {
  readonly code = "USAGE";
}

/** The program with the options that all commands have; commands are added to it. */
function createProgram({ args, out, error }: ClientSurroundings): Command {
  const program = createCommandLine(
    "depid-hashclient",
    "A client of a hash equivalence server: a drop-in for bitbake-hashclient.",
    { out, error },
  )
    .version(args.includes("--version") ? describeVersion("depid-hashclient") : "", "--version")
    .addOption(new Option("--address <address>", ADDRESS_FORMS).argParser(takeAddress).default(DEFAULT_ADDRESS))
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

/** @throws {InvalidArgumentError} */
function takeAddress(text: string): string {
  try {
    parseAddress(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(outsideReason(error).replace(/^address: /, ""));
  }
}

/** @throws {InvalidArgumentError} */
function takeLogLevel(text: string): string {
  try {
    return parseLogLevel(text);
  } catch {
    throw new InvalidArgumentError(`expected ${LOG_LEVELS.join(", ")} in any case`);
  }
}

const ADDRESS_FORMS = "unix://PATH, HOST:PORT, tls://HOST:PORT, ws://HOST[:PORT] or wss://HOST[:PORT]";

type Run = (context: ClientContext) => Promise<Result>;

function addCommand(
  program: Command,
  { syntax, summary, examples, configure, run }: ClientCommand,
  carryOut: (options: GlobalOptions, run: Run) => Promise<void>,
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
    await carryOut(globals, (context) => run(context, { args: command.processedArgs, options: command.opts() }));
  });
}

async function carryOut(surroundings: ClientSurroundings, options: GlobalOptions, run: Run): Promise<Result> {
  const { input, out, error, progress } = surroundings;
  const { log } = options;
  const clientOptions = await readClientOptions(surroundings, options);
  const openAnother = () => openClient(options.address, clientOptions);
  const client = await openAnother();
  const json = options.json === true;
  const warn = (line: string) => {
    if (log !== "ERROR") error(`depid-hashclient: ${line}\n`);
  };
  try {
    const result = await run({ client, openAnother, input, write: out, warn, progress, json });
    progress.end();
    const text = textOf(result, json);
    if (text !== undefined) out(`${text}\n`);
    return result;
  } finally {
    progress.end();
    await client.close();
  }
}

function textOf(result: Result, json: boolean): string | undefined {
  if ("answer" in result) return result.answer === null && !json ? undefined : formatSortedJson(result.answer);
  return json ? formatSortedJson(result.json) : result.text;
}

async function readClientOptions({ readText, readNetrc }: ClientSurroundings, options: GlobalOptions) {
  const login = readLogin(options) ?? (options.netrc ? await findInNetrc(readNetrc, options.address) : undefined);
  const ca = options.tlsCa === undefined ? undefined : await readCertificates(readText, options.tlsCa);
  return {
    ...(login === undefined ? {} : { login }),
    ...(options.become === undefined ? {} : { become: options.become }),
    ...(ca === undefined ? {} : { ca }),
  };
}

async function readCertificates(readText: (path: string) => Promise<string>, file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(`--tls-ca ${file}: ${code === "ENOENT" ? "no such file" : outsideReason(cause)}`, { cause });
  }
}

function readLogin({ login, password }: GlobalOptions): Credentials | undefined {
  return login === undefined ? undefined : { username: login, token: password ?? "" };
}

async function findInNetrc(read: () => Promise<string | undefined>, address: string): Promise<Credentials | undefined> {
  const text = await read();
  return text === undefined ? undefined : findLogin(text, address);
}
