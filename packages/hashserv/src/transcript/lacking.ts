import { findCommand, InvalidRequestError } from "@depid/hashserv-protocol";

/** All commands of the protocol, in the order in which the first one present in a message is taken (section 5). */
const PROTOCOL = [
  ...["ping", "get", "get-outhash", "get-stream", "exists-stream", "get-stats", "get-db-usage"],
  ...["get-db-query-columns", "report", "auth", "get-user", "get-all-users", "become-user", "report-equiv"],
  ...["reset-stats", "backfill-wait", "remove", "gc-mark", "gc-mark-stream", "gc-sweep", "gc-status", "clean-unused"],
  ...["refresh-token", "set-user-perms", "new-user", "delete-user"],
];
/** Those that only ask, so that the rest of a conversation does not depend on them. */
const QUESTIONS = new Set(["get-db-usage", "get-db-query-columns", "gc-status", "get-user", "get-all-users"]);

/** A command that is asked for, and not among those known. */
export interface LackingCommand {
  readonly command: string;
  readonly onlyAsks: boolean;
}

/** The first request in what is sent that needs a command beyond those known. */
export function findLackingCommand(bytes: Uint8Array, known: ReadonlySet<string>): LackingCommand | undefined {
  const lines = new TextDecoder()
    .decode(bytes)
    .split("\n")
    .filter((line) => line.startsWith("{"));
  for (const line of lines) {
    const command = findCommandOf(line);
    if (command === undefined || known.has(command)) continue;
    return { command, onlyAsks: lines.length === 1 && QUESTIONS.has(command) };
  }
  return undefined;
}

function findCommandOf(line: string): string | undefined {
  try {
    return findCommand(JSON.parse(line), PROTOCOL);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof InvalidRequestError) return undefined;
    throw error;
  }
}
