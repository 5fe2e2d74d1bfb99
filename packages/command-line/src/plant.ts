import type { Command } from "commander";
import { type CommandEntry, showExamples } from "./entry.ts";

/** Commands of the program itself, which everybody's command line has. */
const OWN = ["help", "man", "completion", "complete"];

/**
 * Adds commands to a program: those that the words ask for with all they are made of, of the others their names alone, for the help
 * and for suggestions. So a program loads what it runs and nothing else.
 *
 * @param words the command line without the names of Node and the program; `"all"` loads every command
 */
export async function plant(
  program: Command,
  entries: readonly CommandEntry[],
  words: readonly string[] | "all",
): Promise<void> {
  const asked = words === "all" ? "all" : pathIn(words);
  await plantInto(program, entries, asked);
  const first = words === "all" ? "" : (words[0] ?? "");
  addHelp(program);
  program
    .command("man")
    .description("print the man page of a command; -o writes those of all")
    .argument("[command...]", "names of a command")
    .option("-o, --output <folder>", "folder to write all pages to, which must be there")
    .action(async (path: string[], { output }: { output?: string }) => {
      const { printManPage, writeManPages } = await import("./man.ts");
      if (output === undefined) return printManPage(await findCommand(program, path));
      await plantRest(program, entries);
      await writeManPages(program, output);
    });
  if (first === "completion" || first === "complete") (await import("./completion.ts")).addCompletion(program);
  else {
    program
      .command("completion")
      .description("print what makes a shell complete this program's commands and flags")
      .argument("<shell>", "bash, zsh or fish");
  }
}

/** The words that may name a command: for `help`, `man` and completion those behind. */
function pathIn(words: readonly string[]): readonly string[] {
  const names = words.filter((word) => !word.startsWith("-"));
  return OWN.includes(names[0] ?? "") ? names.slice(1) : words.filter((word, i) => i > 0 || !word.startsWith("-"));
}

async function plantInto(parent: Command, entries: readonly CommandEntry[], asked: readonly string[] | "all") {
  const name = asked === "all" ? undefined : asked.find((word) => !word.startsWith("-"));
  for (const entry of entries) {
    const command = parent.command(entry.name).description(entry.summary);
    if (asked !== "all" && entry.name !== name) continue;
    (await entry.load?.())?.(command);
    showExamples(command, entry.examples);
    if (entry.commands === undefined) continue;
    await plantInto(command, entry.commands, asked === "all" ? "all" : asked.slice(asked.indexOf(entry.name) + 1));
    addHelp(command);
  }
}

/** Loads the commands of which only the names are there. */
async function plantRest(program: Command, entries: readonly CommandEntry[]): Promise<void> {
  const names = new Set(entries.map((it) => it.name));
  const own = program.commands.filter((it) => !names.has(it.name()));
  (program.commands as Command[]).splice(0);
  await plantInto(program, entries, "all");
  for (const command of own) program.addCommand(command);
}

/** `help` with the names of a command at any depth. */
function addHelp(parent: Command): void {
  parent
    .command("help")
    .description("show the help of a command")
    .argument("[command...]", "names of a command, such as those of a command of a command")
    .action(async (path: string[]) => (await findCommand(parent, path)).help());
}

/** @throws {CommanderError} told as for a command that is not there */
async function findCommand(parent: Command, path: readonly string[]): Promise<Command> {
  let command = parent;
  for (const name of path) {
    const next = command.commands.find((it) => it.name() === name);
    if (next !== undefined) command = next;
    else if (command.commands.length === 0) command.error(`error: has no command '${name}'`);
    else await command.parseAsync([name], { from: "user" });
  }
  return command;
}
