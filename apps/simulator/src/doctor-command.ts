import { doctorDocument, formatDoctor, isSick } from "@depid/doctor";
import { examineAll, passedThrough } from "@depid/doctor/fs";
import { findNetworkFileSystem } from "@depid/hashserv";
import { type Command, InvalidArgumentError, Option } from "commander";
import { ProgressLine } from "./doctor/progress-line.ts";
import type { Shutdown } from "./shutdown.ts";

/** Exit status when something is worse than a note. */
const SICK = 1;

interface DoctorFlags {
  readonly hashserv?: string;
  readonly set: ReadonlyMap<string, string>;
  readonly examples: number;
  readonly all?: true;
  readonly siginfo: number;
  readonly unusedDays: number;
  readonly quickCheck?: true;
  readonly timeout: number;
  readonly login?: string;
  readonly password?: string;
  readonly json?: true;
}

/** `depid doctor`: what is wrong with an sstate directory, a build directory and a hash equivalence server, each with the way out. */
export function addDoctorCommand(program: Command, shutdown: Shutdown): void {
  program
    .command("doctor")
    .description("find what keeps builds from reusing what was built, each with the way out; changes nothing")
    .argument("<directory>", "a build directory (with conf/local.conf), or an sstate directory")
    .option(
      "--hashserv <db|address>",
      "database file or address of the server; by default that of the build's settings",
    )
    .addOption(
      new Option("--set <NAME=VALUE>", "a setting as bitbake-getvar tells it; may be repeated")
        .argParser(takeSetting)
        .default(new Map(), "none"),
    )
    .addOption(new Option("--examples <n>", "examples of each finding").argParser(wholeNumber).default(5))
    .option("--all", "all that was found, instead of examples")
    .addOption(
      new Option("--siginfo <n|all>", "how many siginfo files to read, for the taskhashes of objects")
        .argParser(numberOrAll)
        .default(20_000),
    )
    .addOption(
      new Option("--unused-days <n>", "age from which outhashes without a depid are told of")
        .argParser(wholeNumber)
        .default(30),
    )
    .option("--quick-check", "check the database file for damage, too")
    .addOption(new Option("--timeout <s>", "seconds an answer of a server may take").argParser(seconds).default(10))
    .option("--login <user>", "log in at the server")
    .addOption(new Option("--password <token>", "token of that user").env("HASHSERVER_PASSWORD"))
    .option("--json", "one JSON document on stdout")
    .action((directory: string, flags: DoctorFlags) => doctor(directory, flags, shutdown));
}

async function doctor(subject: string, flags: DoctorFlags, shutdown: Shutdown): Promise<void> {
  const progress = new ProgressLine(shutdown.signal);
  try {
    const report = await examineAll({
      subject,
      hashserv: flags.hashserv,
      given: flags.set,
      environment: passedThrough(process.env),
      examples: flags.all === true ? Number.POSITIVE_INFINITY : flags.examples,
      siginfos: flags.siginfo,
      unusedDays: flags.unusedDays,
      quickCheck: flags.quickCheck === true,
      timeoutMs: flags.timeout * 1000,
      signal: shutdown.signal,
      ...(flags.login === undefined ? {} : { login: { username: flags.login, token: flags.password ?? "" } }),
      now: Date.now(),
      progress,
      findNetworkFileSystem,
    });
    progress.end();
    process.stdout.write(
      flags.json === true ? `${JSON.stringify(doctorDocument(report), null, 2)}\n` : `${formatDoctor(report)}\n`,
    );
    if (isSick(report)) process.exitCode = SICK;
  } finally {
    progress.end();
  }
}

function takeSetting(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("expected NAME=VALUE");
  return new Map([...before, [name, value]]);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError("expected a whole number");
  return value;
}

function numberOrAll(text: string): number {
  return text === "all" ? Number.MAX_SAFE_INTEGER : wholeNumber(text);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600)) throw new InvalidArgumentError("expected a number of seconds, up to 600");
  return value;
}
