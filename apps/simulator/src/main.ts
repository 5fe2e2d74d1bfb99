import { createProgram, describeVersion, guardStdout, plant, showExamples, statusOf } from "@depid/command-line";
import { CommanderError } from "commander";
import { EXAMPLES, entriesFor } from "./commands.ts";
import { describeError } from "./describe-error.ts";
import { Shutdown } from "./shutdown.ts";

/** Exit status of bad input; 1 is kept for "the answer is no". */
const BAD_INPUT = 2;

guardStdout("depid");
const words = process.argv.slice(2);
const shutdown = new Shutdown();
const program = createProgram(
  "depid",
  "Measure hash equivalence policies on recorded BitBake signatures before adopting one",
);
const asksVersion = words[0] === "--version" || words[0] === "-V";
showExamples(program, EXAMPLES);
program.version(asksVersion ? describeVersion("depid") : "");

try {
  await plant(program, entriesFor(shutdown), words);
  await program.parseAsync(words, { from: "user" });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = statusOf(error);
  else if (shutdown.signal.aborted) process.exitCode = shutdown.exitCode;
  else {
    process.stderr.write(`depid: ${describeError(error)}\n`);
    process.exitCode = BAD_INPUT;
  }
} finally {
  await shutdown.run();
}
