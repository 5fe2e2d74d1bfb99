import { createProgram, plant } from "@depid/command-line";
import type { Command } from "commander";
import { entriesFor } from "../commands.ts";
import type { Shutdown } from "../shutdown.ts";

/** The program with all its commands, as the command table has them, so that a new one is tried by being there. */
export async function createAll(output: Parameters<typeof createProgram>[2], shutdown: Shutdown): Promise<Command> {
  const program = createProgram("depid", "", output);
  await plant(program, entriesFor(shutdown), "all");
  return program;
}

/** Commands, and those below them, to any depth. */
export function commandsBelow(command: Command): readonly Command[] {
  return command.commands.flatMap((it) => [it, ...commandsBelow(it)]);
}
