import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";

/** `completion <shell>`, whose script asks the program itself at each TAB (the hidden command `complete`). */
export function addCompletion(program: Command): void {
  tab(program, { completionCommandName: "completion" });
}
