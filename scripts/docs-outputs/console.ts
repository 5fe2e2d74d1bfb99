import type { Block, RunDirective } from "./blocks.ts";

/** A command as it is written, with what it is said to print. */
export interface Command {
  /** Of the document, from 1: where the command stands. */
  readonly line: number;
  /** As it is shown: `$ …`, and further lines after a backslash. */
  readonly shown: readonly string[];
  readonly script: string;
  /** undefined if it is not shown: commands of an `sh` block. */
  readonly output: readonly string[] | undefined;
}

/** @returns commands of a block in order; before the first one nothing may stand, or it is among `stray` */
export function parseCommands(block: Block, run: RunDirective): { commands: Command[]; stray: readonly string[] } {
  if (run.shows !== undefined) {
    return { commands: [{ line: block.line - 1, shown: [], script: run.shows, output: block.lines }], stray: [] };
  }
  const isConsole = block.language === "console";
  const commands: Command[] = [];
  const stray: string[] = [];
  for (let i = 0; i < block.lines.length; ) {
    const begin = i;
    const isCommand = isConsole ? (block.lines[i] ?? "").startsWith("$ ") : true;
    while (isCommand && /\\$/.test(block.lines[i] ?? "")) i += 1;
    i += 1;
    const shown = block.lines.slice(begin, i);
    if (!isCommand) {
      stray.push(...shown);
      continue;
    }
    const outputFrom = i;
    while (isConsole && i < block.lines.length && !(block.lines[i] ?? "").startsWith("$ ")) i += 1;
    const script = isConsole ? shown.join("\n").slice(2) : shown.join("\n");
    const output = isConsole ? block.lines.slice(outputFrom, i) : undefined;
    commands.push({ line: block.line + begin, shown, script, output });
  }
  return { commands, stray };
}
