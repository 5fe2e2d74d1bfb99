import type { Command } from "commander";

/** A line that works as it stands where there are such files, and what it does, without a full stop. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** A subcommand as the help lists it. What it takes is loaded when somebody asks for it, what it does when it is carried out. */
export interface CommandEntry {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly examples: readonly [Example, Example, ...Example[]];
  /** Loads what gives the command its arguments and flags, and its action, which loads the rest. */
  readonly load?: () => Promise<(command: Command) => void>;
  /** In place of `load`: a command of commands. */
  readonly commands?: readonly CommandEntry[];
}

const known = new WeakMap<Command, readonly Example[]>();

/** Adds examples to the end of a command's help, and to its man page. */
export function showExamples(command: Command, examples: readonly Example[]): Command {
  known.set(command, examples);
  const lines = examples.flatMap(({ line, does }) => [...fold(`  $ ${line}`), `    ${does}`]);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

/** Columns of a line, without the backslash of one that goes on. */
const WIDTH = 78;

/** Cuts a command line that is too long at blanks, as a shell reads it. */
function fold(line: string): string[] {
  if (line.length <= WIDTH + 2) return [line];
  const cut = line.lastIndexOf(" ", WIDTH);
  return [`${line.slice(0, cut)} \\`, ...fold(`      ${line.slice(cut + 1)}`)];
}

/** The examples that a command was given. */
export function examplesOf(command: Command): readonly Example[] {
  return known.get(command) ?? [];
}
