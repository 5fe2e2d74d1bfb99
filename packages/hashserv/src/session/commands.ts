import { METHODS } from "@depid/hashserv-protocol";
import type { Command } from "./command.ts";
import { EQUIVALENCE_COMMANDS } from "./commands-equivalence.ts";
import { SERVER_COMMANDS } from "./commands-server.ts";
import { UPKEEP_COMMANDS } from "./commands-upkeep.ts";
import { USER_COMMANDS } from "./commands-users.ts";

const ALL = [...EQUIVALENCE_COMMANDS, ...SERVER_COMMANDS, ...UPKEEP_COMMANDS, ...USER_COMMANDS];

/** The commands in the order in which the first one present in a message is taken (section 5). */
export const COMMANDS: readonly Command[] = METHODS.map(({ name }) => {
  const command = ALL.find((one) => one.name === name);
  if (command === undefined) throw new Error(`no command carries out ${name}`);
  return command;
});

/** Those of a server that may not write. */
export const READ_ONLY_COMMANDS: readonly Command[] = COMMANDS.filter(({ readOnly }) => readOnly);
