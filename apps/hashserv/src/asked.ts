import { createServerProgram } from "./options.ts";

/**
 * Answers what is asked of the program about itself: `help`, `man [-o FOLDER]`, `completion SHELL`. A server has no commands otherwise.
 *
 * @returns whether something was asked
 * @throws {CommanderError} for wrong usage, when it has said what is wrong; with status 0 for help
 */
export async function answerAsked(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const [asked = ""] = args;
  if (!["help", "man", "completion", "complete"].includes(asked)) return false;
  const program = createServerProgram(env, args);
  const { plant } = await import("@depid/command-line");
  await plant(program, [], args);
  await program.parseAsync(args, { from: "user" });
  return true;
}
