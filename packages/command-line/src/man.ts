import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Argument, Command, Option } from "commander";
import { examplesOf } from "./entry.ts";
import { BUG } from "./failure.ts";
import { pathOf } from "./program.ts";
import { VERSION, VERSION_DATE } from "./version.ts";

/** Prints the page of a command, for `man -l -`. */
export function printManPage(command: Command): void {
  command.configureOutput().writeOut?.(formatManPage(command));
}

/** Writes the pages of a program and of all its commands, `depid-import-git.1` and so on, to a folder that is there. */
export async function writeManPages(program: Command, folder: string): Promise<void> {
  for (const command of commandsIn(program)) {
    const file = join(folder, `${pageOf(command)}.1`);
    const page = formatManPage(command);
    try {
      await writeFile(file, page);
    } catch (cause) {
      const { outsideReason } = await import("@depid/hash");
      const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
      program.error(`error: ${file} cannot be written: ${isMissing ? "no such folder" : outsideReason(cause)}`);
    }
  }
}

/** A command and all below it, without `help`, which is the same everywhere. */
export function commandsIn(command: Command): readonly Command[] {
  const below = command.createHelp().visibleCommands(command);
  return [command, ...below.filter((it) => it.name() !== "help").flatMap(commandsIn)];
}

/** The page of a command in the language of man(7): made of what its help is made of. */
export function formatManPage(command: Command): string {
  const help = command.createHelp();
  const path = pathOf(command);
  const [root = path] = path.split(" ");
  const args = command.registeredArguments;
  const options = help.visibleOptions(command);
  const commands = help.visibleCommands(command);
  const examples = examplesOf(command);
  return [
    `.TH ${quote(pageOf(command).toUpperCase())} 1 "${VERSION_DATE}" ${quote(`${root} ${VERSION}`)}`,
    ".SH NAME",
    formatText(pageOf(command), "\\-", command.description()),
    ".SH SYNOPSIS",
    `.B ${quote(path)}`,
    formatText(command.usage()),
    ...section("ARGUMENTS", args, (it) => [help.argumentTerm(it), describeArgument(it)]),
    ...section("OPTIONS", options, (it) => [help.optionTerm(it), describeOption(command, it)]),
    ...section("COMMANDS", commands, (it) => [help.subcommandTerm(it), help.subcommandDescription(it)]),
    ...section("EXAMPLES", examples, (it) => [it.line, it.does]),
    ".SH EXIT STATUS",
    formatText(`0 done; 1 the answer is no; 2 wrong usage or bad input; ${BUG} a bug of the program, to be reported.`),
    ...(command.parent === null ? [] : [".SH SEE ALSO", `.BR ${pageOf(command.parent)} (1)`]),
    "",
  ].join("\n");
}

function describeArgument(argument: Argument): string {
  return argument.description;
}

function describeOption(command: Command, option: Option): string {
  return command.createHelp().optionDescription(option);
}

function section<T>(title: string, items: readonly T[], read: (item: T) => readonly [string, string]): string[] {
  if (items.length === 0) return [];
  return [
    `.SH ${title}`,
    ...items.flatMap((item) => {
      const [term, text] = read(item);
      return [".TP", `.B ${quote(term)}`, formatText(text)];
    }),
  ];
}

/** `depid import git` has the page depid-import-git. */
function pageOf(command: Command): string {
  return pathOf(command).replaceAll(" ", "-");
}

function quote(text: string): string {
  return `"${escapeText(text).replaceAll('"', "\\(dq")}"`;
}

/** Columns of a line of text: what the checkers of man pages ask for. */
const WIDTH = 80;

/** Lines of text, cut at blanks, of which none is taken for a request. */
function formatText(name: string, separator = "", text = ""): string {
  const words = [...escapeText(name).split(/\s+/), separator, ...escapeText(text).split(/\s+/)].filter(
    (it) => it !== "",
  );
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    const next = line === "" ? word.replace(/^[.']/, "\\&$&") : `${line} ${word}`;
    if (line === "" || next.length <= WIDTH) line = next;
    else {
      lines.push(line);
      line = word.replace(/^[.']/, "\\&$&");
    }
  }
  return [...lines, line].join("\n");
}

/** Text that man(7) takes as it is: a backslash and a hyphen mean something to it, and it knows characters of ASCII alone. */
function escapeText(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/[^\n\t\x20-\x7e]/gu, (it) => `\\[u${it.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}]`);
}
