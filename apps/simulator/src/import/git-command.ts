import { wholeNumber } from "@depid/command-line/flags";
import { type Command, Option } from "commander";
import { commitRange } from "../flags.ts";
import type { Shutdown } from "../shutdown.ts";
import type { GitFlags } from "./git.ts";

/** Commits that are walked where nothing is selected; the one before them is the first state. */
const LAST = 10;

/** `depid import git`: a history from the commits of a layer, by running BitBake on each. */
export function addGitFlags(command: Command, shutdown: Shutdown): void {
  command
    .argument("<directory>", "checkout of a layer or of a repository of layers; it is read, never changed")
    .requiredOption("-o, --output <file>", "history to write; gzip when it ends in .gz")
    .addOption(
      new Option(
        "--range <A..B>",
        `commits of B that A does not have, along first parents; first the state they start from; default the last ${LAST}`,
      )
        .argParser(commitRange)
        .conflicts(["since", "until"]),
    )
    .option("--since <date>", "commits that lead to HEAD from this date on")
    .option("--until <date>", "and up to this date")
    .addOption(
      new Option("--stride <n>", "every how many commits there is a state").argParser(wholeNumber(1)).default(1),
    )
    .option("--target <targets...>", "what BitBake is to build", ["core-image-minimal"])
    .option("--machine <name>", "MACHINE; default that of the configuration")
    .option("--bitbake <directory>", "checkout of BitBake; default the one in PATH")
    .option("--conf <directory>", "build directory whose conf/ is used; default OE-Core's own defaults")
    .option("--work <directory>", "where captures and logs are kept and a later run goes on; default <output>.work")
    .option("--run-cmd <command>", "shell command that runs instead of bitbake -S none (containers)")
    .option("--no-variables", "record basehashes alone, without the texts they are made of")
    .option("--json", "one JSON document on stdout")
    .action(async (directory: string, flags: Omit<GitFlags, "last">) =>
      (await import("./git.ts")).importGit(directory, { ...flags, last: LAST }, shutdown),
    );
}
