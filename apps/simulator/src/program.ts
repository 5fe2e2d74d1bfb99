import {
  BAD_USAGE,
  createProgram,
  describeFailure,
  describeVersion,
  plant,
  showExamples,
  statusOf,
} from "@depid/command-line";
import { CommanderError } from "commander";
import { EXAMPLES, entriesFor } from "./commands.ts";
import type { Shutdown } from "./shutdown.ts";

/**
 * Carries out a command line. Sets the exit status of the process: 0 done, 1 the answer is "no", 2 wrong usage or bad input, which
 * one line on stderr has told, 70 a bug of ours.
 *
 * @param words without the names of Node and the program
 */
export async function runDepid(words: readonly string[], shutdown: Shutdown): Promise<void> {
  const program = createProgram(
    "depid",
    "Measure hash equivalence policies on recorded BitBake signatures before adopting one",
  );
  showExamples(program, EXAMPLES);
  const asksVersion = words[0] === "--version" || words[0] === "-V";
  program.version(asksVersion ? describeVersion("depid") : "");
  try {
    await plant(program, entriesFor(shutdown), words);
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = statusOf(error);
    else if (shutdown.signal.aborted) process.exitCode = shutdown.exitCode;
    else {
      const { text, status } = await describeFailure(error, BAD_USAGE);
      process.stderr.write(`depid: ${text}\n`);
      process.exitCode = status;
    }
  }
}
