import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";

/** What the library ends every answer with: the shell offers no files. */
const NO_FILES = ":4";
/** The shell offers files where nothing else was offered. */
const FILES = ":0";

/** `completion <shell>`, whose script asks the program itself at each TAB (the hidden command `complete`). */
export function addCompletion(program: Command): void {
  tab(program, { completionCommandName: "completion" });
  const complete = program.commands.find((it) => it.name() === "complete");
  const log = console.log;
  complete?.hook("preAction", () => {
    const word = complete.args.at(-1) ?? "";
    let offered = 0;
    // The library knows no arguments that are files. Where it has nothing to offer, and no flag was begun, a name of a file may stand.
    console.log = (line: string) => {
      const isEnd = line === NO_FILES;
      if (!isEnd) offered += 1;
      log(isEnd && offered === 0 && !word.startsWith("-") ? FILES : line);
    };
  });
  complete?.hook("postAction", () => {
    console.log = log;
  });
}
