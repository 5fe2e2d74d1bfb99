import { Command, CommanderError } from "commander";
import { addCheckLocksCommand } from "./check-locks-command.ts";
import { describeError } from "./describe-error.ts";
import { addDiffCommand } from "./diff-command.ts";
import { addDoctorCommand } from "./doctor-command.ts";
import { addExplainCommand } from "./explain-command.ts";
import { addImportCommand } from "./import-command.ts";
import { addLabelCommand } from "./label-command.ts";
import { addOutHashCommand } from "./outhash-command.ts";
import { addReplayCommand } from "./replay-command.ts";
import { Shutdown } from "./shutdown.ts";
import { addVerifyCommand } from "./verify-command.ts";

/** Exit status of wrong usage and bad input; 1 is kept for "the answer is no". */
const BAD_INPUT = 2;

const shutdown = new Shutdown();
const program = new Command("depid")
  .description("Measure hash equivalence policies on recorded BitBake signatures before adopting one")
  .version("0.1.0")
  .exitOverride()
  .configureOutput({ writeErr: (text) => process.stderr.write(text) });
addReplayCommand(program, shutdown);
addVerifyCommand(program, shutdown);
addImportCommand(program, shutdown);
addLabelCommand(program, shutdown);
addDoctorCommand(program, shutdown);
addDiffCommand(program, shutdown);
addExplainCommand(program, shutdown);
addCheckLocksCommand(program, shutdown);
addOutHashCommand(program);

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0); // the reader has seen enough
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : BAD_INPUT;
  else if (shutdown.signal.aborted) process.exitCode = shutdown.exitCode;
  else {
    process.stderr.write(`depid: ${describeError(error)}\n`);
    process.exitCode = BAD_INPUT;
  }
} finally {
  await shutdown.run();
}
