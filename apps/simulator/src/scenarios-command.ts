import type { Command } from "commander";

/** `depid scenarios`: the scenarios that come with depid. */
export function addScenariosFlags(command: Command): void {
  command.action(async () => (await import("./scenarios.ts")).listAllScenarios());
}
