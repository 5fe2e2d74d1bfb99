import { orAll, seconds, settings, wholeNumber } from "@depid/command-line/flags";
import { type Command, Option } from "commander";
import type { DoctorFlags } from "./doctor.ts";
import type { Shutdown } from "./shutdown.ts";

/** `depid doctor`: what is wrong with an sstate directory, a build directory and a hash equivalence server, each with the way out. */
export function addDoctorFlags(command: Command, shutdown: Shutdown): void {
  command
    .argument("<directory>", "a build directory (with conf/local.conf), or an sstate directory")
    .option(
      "--hashserv <db|address>",
      "database file or address of the server; by default that of the build's settings",
    )
    .addOption(
      new Option("--set <NAME=VALUE>", "a setting as bitbake-getvar tells it; may be repeated")
        .argParser(settings)
        .default(new Map(), "none"),
    )
    .addOption(new Option("--examples <n>", "examples of each finding").argParser(wholeNumber(0)).default(5))
    .option("--all", "all that was found, instead of examples")
    .addOption(
      new Option("--siginfo <n|all>", "how many siginfo files to read, for the taskhashes of objects")
        .argParser(orAll(wholeNumber(0), Number.MAX_SAFE_INTEGER))
        .default(20_000),
    )
    .addOption(
      new Option("--unused-days <n>", "age from which outhashes without a depid are told of")
        .argParser(wholeNumber(0))
        .default(30),
    )
    .option("--quick-check", "check the database file for damage, too")
    .addOption(
      new Option("--timeout <s>", "seconds an answer of a server may take").argParser(seconds(600)).default(10),
    )
    .option("--login <user>", "log in at the server")
    .addOption(new Option("--password <token>", "token of that user").env("HASHSERVER_PASSWORD"))
    .option("--json", "one JSON document on stdout")
    .action(async (directory: string, flags: DoctorFlags) =>
      (await import("./doctor.ts")).doctor(directory, flags, shutdown),
    );
}
