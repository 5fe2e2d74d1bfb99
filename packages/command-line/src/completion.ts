import told from "@bomb.sh/tab";
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { formatBashCompletion } from "./bash-completion.ts";

/** The shells that can be helped. The library has more, of which nobody has tried the scripts. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** What the library ends every answer with: the shell offers no files. */
const NO_FILES = ":4";
/** The shell offers files where nothing else was offered. */
const FILES = ":0";

/** `completion <shell>`, whose script asks the program itself at each TAB (the hidden command `complete`). */
export function addCompletion(program: Command): void {
  // The library has one table for a process, where what it was told of another program would stay.
  for (const table of [told.commands, told.options, told.arguments]) table.clear();
  const scripts = tab(program, { completionCommandName: "completion" });
  const named = (name: string) => program.commands.find((it) => it.name() === name);
  const name = program.name();
  const completion = named("completion");
  completion?.description("print what makes a shell complete this program's commands and flags");
  // The same array in place of another: the library has read it already, for its own answers.
  completion?.registeredArguments[0]?.argChoices?.splice(0, Number.POSITIVE_INFINITY, ...SHELLS);
  completion?.action((shell: (typeof SHELLS)[number]) => {
    if (shell === "bash") console.log(formatBashCompletion(name));
    else scripts.setup(name, name, shell);
  });
  const complete = named("complete");
  const log = console.log;
  complete?.hook("preAction", () => {
    const word = complete.args.at(-1) ?? "";
    let offered = 0;
    // The library knows no arguments that are files. Where it has nothing to offer, and no flag was begun, a name of a file may stand.
    console.log = (line: string) => {
      const isEnd = line === NO_FILES;
      if (!isEnd) offered += 1;
      log(isEnd && offered === 0 && !/^-[^=]*$/.test(word) ? FILES : line);
    };
  });
  complete?.hook("postAction", () => {
    console.log = log;
  });
}
