import { Command, CommanderError } from "commander";

/** Exit status of wrong usage and bad input; 1 is kept for "the answer is no". */
export const BAD_USAGE = 2;

/** Columns of a help text, unless the terminal has fewer. */
const COLUMNS = 80;

export interface ProgramOutput {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

const PROCESS: ProgramOutput = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
};

/**
 * A program whose usage errors are one line each and name the command, and which throws `CommanderError` where commander would end
 * the process. Commands that are added to it do the same.
 */
export function createProgram(name: string, description: string, { out, error }: ProgramOutput = PROCESS): Command {
  const program = new Program(name);
  return program
    .description(description)
    .exitOverride()
    .helpCommand(false)
    .configureOutput({
      writeOut: out,
      writeErr: error,
      getOutHelpWidth: () => Math.min(process.stdout.columns || COLUMNS, COLUMNS),
      getErrHelpWidth: () => Math.min(process.stderr.columns || COLUMNS, COLUMNS),
    });
}

/** The exit status of what commander threw: 0 for `--help` and `--version`. */
export function statusOf(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : BAD_USAGE;
}

/** The words that call a command: `depid import git`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** Says what is wrong in one line, as the command that was called. */
class Program extends Command {
  override createCommand(name?: string): Command {
    return new Program(name);
  }

  /** A command of commands that was called without one. */
  override help(context?: unknown): never {
    const isError = typeof context === "object" && context !== null && "error" in context && context.error === true;
    if (!isError) return super.help();
    const names = this.createHelp().visibleCommands(this);
    return this.error(`expected a command: ${names.map((it) => it.name()).join(", ")}`);
  }

  override error(message: string, options?: Parameters<Command["error"]>[1]): never {
    const path = pathOf(this);
    const told = message
      .replace(/^error: /, "")
      .replace(/\s*\n\(Did you mean (.*?)\?\)\s*$/s, " (did you mean $1?)")
      .replaceAll("\n", " ")
      .replace(/\.$/, "");
    this.configureOutput().writeErr?.(`${path}: ${told}; see ${path} --help\n`);
    throw new CommanderError(BAD_USAGE, options?.code ?? "commander.error", told);
  }
}
